"""Clinical trials for people with chronic myeloid leukemia whose TKI stopped working.

>>> from datetime import date
>>> import trialfinder
>>> found = trialfinder.find(sample=True)
>>> filters = trialfinder.Filters(trial_phases=["PHASE2"], country="United States")
>>> listing = trialfinder.filter_trials(found.studies, found.sites, filters)
>>> csv = trialfinder.to_csv(listing.studies, found, filters, today=date(2026, 11, 22))
"""

from trialfinder.finding.export import to_csv
from trialfinder.finding.filters import Filters, filter_trials
from trialfinder.finding.places import resolve
from trialfinder.finding.search import find
from trialfinder.reading import Reading, read_study
from trialfinder.vocabulary import Part

__version__ = "0.1.0"

__all__ = [
    "Filters",
    "Part",
    "Reading",
    "__version__",
    "filter_trials",
    "find",
    "read_study",
    "resolve",
    "to_csv",
]
