"""Days that the office keeps free, from the list that its own server writes beside the program."""

LIST = "holidays.txt"


def is_holiday(day):
    with open(LIST, encoding="utf-8") as file:
        return day in file.read().split()
