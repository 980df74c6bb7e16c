"""Days and months in words, in the order that the language of the page or the mail writes them.

The formats are texts of the catalogues, in the letters of Django's `date` filter.
"""

from datetime import date, datetime

from django.utils.dateformat import format as in_letters
from django.utils.translation import gettext as _


def full_day(*, day: date) -> str:
    """Write a day as a letter would: Friday, 20 November 2026."""
    return in_letters(day, _("l, j F Y"))


def day_of_year(*, day: date) -> str:
    """Write a day that is near, with its weekday and without its year: Friday 20 November."""
    return in_letters(day, _("l j F"))


def day_and_year(*, day: date) -> str:
    """Write a day without its weekday: 20 November 2026."""
    return in_letters(day, _("j F Y"))


def month_of_year(*, day: date | datetime) -> str:
    """Write the month of a day: November 2026."""
    return in_letters(day, _("F Y"))
