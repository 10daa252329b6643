use accounts::parse_amount;

#[test]
fn one_and_a_half_below_nothing() {
    assert_eq!(parse_amount("-1.50"), Ok(-150));
}
