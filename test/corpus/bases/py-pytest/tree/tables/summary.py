"""What a table says in sum."""
from .reader import TableError, read_rows


def column_of(text, column):
    rows = read_rows(text)
    if rows and column not in rows[0]:
        raise TableError(f"expected a column {column}, found {', '.join(rows[0])}")
    return [row[column] for row in rows]


def total(text, column):
    """Sum of a column; an empty cell counts as nothing."""
    return sum(float(cell) for cell in column_of(text, column) if cell)


def counts(text, column):
    """How often each value occurs, in the order in which they are met."""
    found = {}
    for cell in column_of(text, column):
        found[cell] = found.get(cell, 0) + 1
    return found
