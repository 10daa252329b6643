"""Reads tables of text: one record a line, fields between semicolons."""


class TableError(ValueError):
    """The text is no table."""


def split_line(line):
    return [field.strip() for field in line.split(";")]


def read_rows(text):
    """Rows as dictionaries, by the names in the first line."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise TableError("expected a line of names, found nothing")
    names = split_line(lines[0])
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        fields = split_line(line)
        if len(fields) != len(names):
            raise TableError(f"line {number}: expected {len(names)} fields, found {len(fields)}")
        rows.append(dict(zip(names, fields)))
    return rows
