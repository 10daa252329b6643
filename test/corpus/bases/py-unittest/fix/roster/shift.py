"""One shift, as text: `09:00-17:30`."""


def minutes(clock):
    hour, minute = clock.split(":")
    if not (0 <= int(hour) < 24 and 0 <= int(minute) < 60):
        raise ValueError(f"expected a time of day, found {clock}")
    return int(hour) * 60 + int(minute)


def hours(shift):
    """Length of a shift in hours; one that ends earlier in the day than it begins goes over midnight."""
    begin, end = (minutes(clock) for clock in shift.split("-"))
    if end == begin:
        raise ValueError(f"expected a shift with a length, found {shift}")
    return (end - begin) % (24 * 60) / 60
