import pytest

from tables import TableError, read_rows


def test_reads_rows_by_name():
    assert read_rows("name;price\nNut;4\nBolt;5\n") == [
        {"name": "Nut", "price": "4"},
        {"name": "Bolt", "price": "5"},
    ]


def test_strips_fields_and_passes_over_empty_lines():
    assert read_rows("name ; price\n\n Nut; 4 \n") == [{"name": "Nut", "price": "4"}]


def test_names_the_line_with_too_many_fields():
    with pytest.raises(TableError, match="line 3: expected 2 fields, found 3"):
        read_rows("name;price\nNut;4\nBolt;5;6\n")


def test_refuses_an_empty_text():
    with pytest.raises(TableError):
        read_rows("\n")


def test_keeps_a_quoted_field_together():
    assert read_rows('name;price\n"Nut; bolt";4\n') == [{"name": "Nut; bolt", "price": "4"}]


def test_reads_two_quotes_as_one():
    assert read_rows('name\n"3"" pipe"\n""\n') == [{"name": '3" pipe'}, {"name": ""}]


def test_refuses_a_quote_that_is_never_closed():
    with pytest.raises(TableError, match="line 2: expected a closing quote"):
        read_rows('name\n"Nut\n')
