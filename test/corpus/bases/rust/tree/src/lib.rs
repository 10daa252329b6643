//! Amounts of money, and accounts that they are booked on.
pub mod account;
pub mod amount;

pub use account::Account;
pub use amount::{format_amount, parse_amount, AmountError};
