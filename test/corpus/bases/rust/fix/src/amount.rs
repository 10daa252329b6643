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

/// Cents of an amount such as `12.50`, `-0.05` or `12`.
pub fn parse_amount(text: &str) -> Result<i64, AmountError> {
    let wrong = || AmountError(text.to_string());
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if cents.len() != 2 || !is_number(whole) || !is_number(cents) {
        return Err(wrong());
    }
    let number = |part: &str| part.parse::<i64>().map_err(|_| wrong());
    Ok(sign * (number(whole)? * 100 + number(cents)?))
}

/// An amount as people write it.
pub fn format_amount(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{}{}.{:02}", sign, cents.abs() / 100, cents.abs() % 100)
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
    fn reads_negative_amounts() {
        assert_eq!(parse_amount("-1.50"), Ok(-150));
        assert_eq!(parse_amount("-0.05"), Ok(-5));
    }

    #[test]
    fn refuses_a_sign_elsewhere() {
        for text in ["1.-5", "1.+5", "--1.00", "-", "+1.00"] {
            assert!(parse_amount(text).is_err(), "{text}");
        }
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
        assert_eq!(format_amount(-5), "-0.05");
    }
}
