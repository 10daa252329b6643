use accounts::Account;

#[test]
fn adds_up_what_is_booked() {
    let mut account = Account::default();
    account.book("12.50").unwrap();
    account.book("7").unwrap();
    assert_eq!(account.balance(), 1950);
}

#[test]
fn books_nothing_that_is_no_amount() {
    let mut account = Account::default();
    assert!(account.book("much").is_err());
    assert_eq!(account.balance(), 0);
}

#[test]
fn prints_a_statement() {
    let mut account = Account::default();
    account.book("0.05").unwrap();
    account.book("10").unwrap();
    assert_eq!(account.statement(), "0.05\n10.00\n= 10.05");
}
