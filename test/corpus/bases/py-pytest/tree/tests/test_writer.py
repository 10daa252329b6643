from tables import tidy, write_rows


def test_writes_rows():
    assert write_rows([{"name": "Nut", "price": 4}, {"name": "Bolt"}]) == "name;price\nNut;4\nBolt;\n"


def test_tidies_a_table():
    assert tidy("name ; price\n\nNut;  4\n") == "name;price\nNut;4\n"
