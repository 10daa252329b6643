import pytest

from tables import TableError, counts, read_rows, total

SHELF = 'place;"part; size";pieces\nleft;"Pipe; 3""";2\n"right; top";Pipe;5\nleft;"Pipe; 3""";\n'


def test_sums_and_counts_of_quoted_fields():
    assert total(SHELF, "pieces") == 7
    assert counts(SHELF, "part; size") == {'Pipe; 3"': 2, "Pipe": 1}


def test_two_quotes_alone_are_an_empty_field():
    assert read_rows('a;b\n"";x\n') == [{"a": "", "b": "x"}]


def test_a_quote_that_is_never_closed():
    with pytest.raises(TableError):
        read_rows('a;b\n"x;y\n')
