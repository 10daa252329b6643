from tables import read_rows


def test_a_quoted_field_keeps_its_semicolon():
    assert read_rows('name;price\n"Nut; bolt";4') == [{"name": "Nut; bolt", "price": "4"}]
