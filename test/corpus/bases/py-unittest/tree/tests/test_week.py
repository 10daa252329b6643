import unittest

from roster import overtime, worked

WEEK = [("Ada", "08:00-18:00")] * 5 + [("Ben", "12:00-16:00")]


class Week(unittest.TestCase):
    def test_adds_up_hours_by_name(self):
        self.assertEqual(worked(WEEK), {"Ada": 50, "Ben": 4})

    def test_lists_overtime(self):
        self.assertEqual(overtime(WEEK), {"Ada": 10})
