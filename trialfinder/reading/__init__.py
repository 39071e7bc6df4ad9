"""Reads what a record's own words say to someone whose TKI has stopped working."""

from trialfinder.reading.model import Evidence, Reading, Side, Why
from trialfinder.reading.reader import read_study

__all__ = ["Evidence", "Reading", "Side", "Why", "read_study"]
