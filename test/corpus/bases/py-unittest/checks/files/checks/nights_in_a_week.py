import unittest

from roster import hours, overtime, pay, worked

NIGHTS = [("Cy", "19:30-07:30")] * 4 + [("Dee", "18:00-00:00"), ("Dee", "10:00-11:15")]


class Nights(unittest.TestCase):
    def test_add_up_with_days(self):
        self.assertEqual(worked(NIGHTS), {"Cy": 48, "Dee": 7.25})
        self.assertEqual(overtime(NIGHTS), {"Cy": 8})

    def test_are_paid(self):
        self.assertEqual(pay(NIGHTS, {"Cy": 1000, "Dee": 2000}), {"Cy": 48000, "Dee": 14500})

    def test_have_a_length(self):
        self.assertEqual(hours("23:45-00:15"), 0.5)
        with self.assertRaises(ValueError):
            hours("00:00-00:00")
