//! Accounts.
use crate::amount::{format_amount, parse_amount, AmountError};

/// What was booked on an account.
#[derive(Debug, Default)]
pub struct Account {
    entries: Vec<i64>,
}

impl Account {
    /// Books an amount as it is written.
    pub fn book(&mut self, amount: &str) -> Result<(), AmountError> {
        self.entries.push(parse_amount(amount)?);
        Ok(())
    }

    /// Cents of all entries.
    pub fn balance(&self) -> i64 {
        self.entries.iter().sum()
    }

    /// One line for each entry, and one for the balance.
    pub fn statement(&self) -> String {
        let mut lines: Vec<String> = self.entries.iter().map(|cents| format_amount(*cents)).collect();
        lines.push(format!("= {}", format_amount(self.balance())));
        lines.join("\n")
    }
}
