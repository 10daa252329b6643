//! Amounts as people write them, in cents.
use std::fmt;

/// The text holds no amount.
#[derive(Debug, PartialEq, Eq)]
pub struct AmountError(String);

impl fmt::Display for AmountError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected an amount, found {:?}", self.0)
    }
}

impl std::error::Error for AmountError {}

/// Cents of an amount such as `12.50` or `12`.
pub fn parse_amount(text: &str) -> Result<i64, AmountError> {
    let wrong = || AmountError(text.to_string());
    let (whole, cents) = text.split_once('.').unwrap_or((text, "00"));
    if cents.len() != 2 {
        return Err(wrong());
    }
    let number = |part: &str| part.parse::<i64>().map_err(|_| wrong());
    Ok(number(whole)? * 100 + number(cents)?)
}

/// An amount as people write it.
pub fn format_amount(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts() {
        assert_eq!(parse_amount("12.50"), Ok(1250));
        assert_eq!(parse_amount("7"), Ok(700));
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", "twelve", "1.5", "1.234", "1,50"] {
            assert!(parse_amount(text).is_err(), "{text}");
        }
    }

    #[test]
    fn writes_amounts() {
        assert_eq!(format_amount(1205), "12.05");
    }
}
