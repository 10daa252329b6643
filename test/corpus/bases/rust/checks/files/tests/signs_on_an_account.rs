use accounts::{format_amount, parse_amount, Account};

#[test]
fn negative_amounts_are_booked_and_written_back() {
    let mut account = Account::default();
    for amount in ["20.00", "-31.07", "-0.40", "3"] {
        account.book(amount).unwrap();
    }
    assert_eq!(account.balance(), -847);
    assert_eq!(account.statement(), "20.00\n-31.07\n-0.40\n3.00\n= -8.47");
}

#[test]
fn what_was_read_is_written() {
    for amount in ["-12.00", "-0.09", "0.00", "4.10"] {
        assert_eq!(format_amount(parse_amount(amount).unwrap()), amount);
    }
}

#[test]
fn signs_elsewhere_are_refused() {
    for text in ["2.-1", "3.+4", "--2.00", "5-.00", "-+1.00"] {
        assert!(parse_amount(text).is_err(), "{text}");
    }
}
