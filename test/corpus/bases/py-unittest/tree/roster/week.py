"""A week of shifts: pairs of a name and a shift."""
from .shift import hours


def worked(entries):
    """Hours by name."""
    found = {}
    for name, shift in entries:
        found[name] = found.get(name, 0) + hours(shift)
    return found


def overtime(entries, limit=40):
    """Hours above the limit by name; nobody below it is listed."""
    return {name: sum_ - limit for name, sum_ in worked(entries).items() if sum_ > limit}
