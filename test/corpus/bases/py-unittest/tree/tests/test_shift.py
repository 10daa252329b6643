import unittest

from roster import hours


class Hours(unittest.TestCase):
    def test_gives_the_length(self):
        self.assertEqual(hours("09:00-17:30"), 8.5)

    def test_refuses_a_shift_without_length(self):
        with self.assertRaises(ValueError):
            hours("09:00-09:00")

    def test_refuses_what_is_no_time(self):
        with self.assertRaisesRegex(ValueError, "24:00"):
            hours("09:00-24:00")
