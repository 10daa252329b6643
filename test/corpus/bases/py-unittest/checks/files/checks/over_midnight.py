import unittest

from roster import hours


class OverMidnight(unittest.TestCase):
    def test_from_22_to_6(self):
        self.assertEqual(hours("22:00-06:00"), 8)
