import pytest

from tables import TableError, counts, total

PARTS = "name;price\nNut;4\nBolt;\nNut;2.5\n"


def test_adds_up_a_column():
    assert total(PARTS, "price") == 6.5


def test_counts_values_in_their_order():
    assert list(counts(PARTS, "name").items()) == [("Nut", 2), ("Bolt", 1)]


def test_refuses_an_unknown_column():
    with pytest.raises(TableError, match="weight"):
        total(PARTS, "weight")
