"""What a week costs."""
from .week import worked


def pay(entries, rates):
    """Cents by name; `rates` are cents for one hour."""
    return {name: round(length * rates[name]) for name, length in worked(entries).items()}


def holiday_pay(entries, rates, day):
    """The same, half as much again on a day of the office's list."""
    from .holidays import is_holiday

    factor = 1.5 if is_holiday(day) else 1
    return {name: round(cents * factor) for name, cents in pay(entries, rates).items()}
