"""Writes tables of text."""
from .reader import read_rows


def write_rows(rows):
    """The table of some rows, by the names of the first one."""
    if not rows:
        return ""
    names = list(rows[0])
    lines = [";".join(names)]
    for row in rows:
        lines.append(";".join(str(row.get(name, "")) for name in names))
    return "\n".join(lines) + "\n"


def tidy(text):
    """The same table without empty lines and blanks."""
    return write_rows(read_rows(text))
