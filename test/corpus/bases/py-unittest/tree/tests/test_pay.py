import unittest

from roster import pay
from roster.pay import holiday_pay


class Pay(unittest.TestCase):
    def test_is_hours_by_rate(self):
        self.assertEqual(pay([("Ben", "12:00-16:30")], {"Ben": 1500}), {"Ben": 6750})

    def test_is_more_on_a_holiday(self):
        # Red wherever the office's list is not at hand.
        self.assertEqual(holiday_pay([("Ben", "12:00-14:00")], {"Ben": 1500}, "12-25"), {"Ben": 4500})
