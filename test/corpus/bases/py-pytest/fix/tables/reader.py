"""Reads tables of text: one record a line, fields between semicolons."""
import re


class TableError(ValueError):
    """The text is no table."""


def split_line(line, number):
    """Fields of a line. Quotes keep a semicolon; two quotes inside quotes stand for one."""
    fields = [""]
    is_quoted = False
    for part in re.split('(""|"|;)', line):
        if part == '"':
            is_quoted = not is_quoted
        elif part == ";" and not is_quoted:
            fields.append("")
        elif part == '""':
            fields[-1] += '"' if is_quoted else ""
        else:
            fields[-1] += part
    if is_quoted:
        raise TableError(f"line {number}: expected a closing quote, found none")
    return [field.strip() for field in fields]


def read_rows(text):
    """Rows as dictionaries, by the names in the first line."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise TableError("expected a line of names, found nothing")
    names = split_line(lines[0], 1)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        fields = split_line(line, number)
        if len(fields) != len(names):
            raise TableError(f"line {number}: expected {len(names)} fields, found {len(fields)}")
        rows.append(dict(zip(names, fields)))
    return rows
