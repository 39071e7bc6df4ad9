"""Studies and sites as DataFrames, with one explicit type for each column.

An empty frame has the same columns and types as a full one, so filters never meet a surprise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from trialfinder.reading import Reading
from trialfinder.registry.parse import Site, Study
from trialfinder.vocabulary import OPEN_STATUSES, OverallStatus

SEPARATOR = "|"
"""Between the values of a column that holds several, such as ``phases``."""

STUDY_TYPES: Mapping[str, str] = {
    "nct_id": "str",
    "brief_title": "str",
    "overall_status": "str",
    "study_type": "str",
    "phases": "str",  # "PHASE1|PHASE2"; missing when the record gives none
    "min_age_years": "float64",
    "max_age_years": "float64",
    "sex": "str",
    "sponsor": "str",
    "last_update": "datetime64[us]",  # the first day that a partial date can mean
    "found_by": "str",
    "relevance": "str",  # from here on what was read out of the record: a `Relevance`
    "why": "str",  # the `Why` that decided it
    "cml_phases": "str",  # "chronic|blast"; missing when the record names none
    "approaches": "str",
    "t315i": "str",  # a `Stance`
    "min_prior_tkis": "Int64",
}
"""One row per NCT ID, in the order of the NCT IDs. A missing value means the record is silent."""

SITE_TYPES: Mapping[str, str] = {
    "nct_id": "str",
    "number": "int64",  # the site's position in its record, from 0
    "facility": "str",
    "city": "str",
    "state": "str",
    "country": "str",
    "status": "str",
    "lat": "float64",  # degrees, of the city
    "lon": "float64",
    "open": "bool",
}
"""One row per site, in the order of the records."""


def is_open_site(study: Study, site: Site) -> bool:
    """Whether people can (or, in a study that opens later, soon can) join at this site.

    The study's overall status must be one of `OPEN_STATUSES`: the sites of studies whose status
    is UNKNOWN keep saying "recruiting" for years. The site's own status must then be RECRUITING,
    or missing, or the same as its study's: the sites of a study that is not yet recruiting, is by
    invitation or is expanded access carry that status too.
    """
    if study.overall_status not in OPEN_STATUSES:
        return False
    return site.status in (None, OverallStatus.RECRUITING, study.overall_status)


def counts(study: Study, site: Site) -> bool:
    """Whether a filter on a place looks at this site: open ones, and any of a closed study."""
    return study.overall_status not in OPEN_STATUSES or is_open_site(study, site)


def study_table(studies: Iterable[Study], readings: Mapping[str, Reading]) -> pd.DataFrame:
    """`STUDY_TYPES` for these studies; ``readings`` has one for each, by NCT ID."""
    rows = [
        (
            study.nct_id,
            study.brief_title,
            study.overall_status,
            study.study_type,
            SEPARATOR.join(study.phases) or None,
            study.minimum_age.years if study.minimum_age else None,
            study.maximum_age.years if study.maximum_age else None,
            study.sex,
            study.sponsor,
            study.last_update.earliest if study.last_update else None,
            study.found_by.value,
            *_read(readings[study.nct_id]),
        )
        for study in sorted(studies, key=lambda study: study.nct_id)
    ]
    return _frame(rows, STUDY_TYPES)


def _read(reading: Reading) -> tuple[object, ...]:
    return (
        reading.relevance.value,
        reading.why.value,
        SEPARATOR.join(reading.cml_phases) or None,
        SEPARATOR.join(reading.approaches) or None,
        reading.t315i.value,
        reading.min_prior_tkis,
    )


def site_table(studies: Iterable[Study]) -> pd.DataFrame:
    """`SITE_TYPES` for the sites of these studies."""
    rows = [
        (
            study.nct_id,
            number,
            site.facility,
            site.city,
            site.state,
            site.country,
            site.status,
            site.lat,
            site.lon,
            is_open_site(study, site),
        )
        for study in sorted(studies, key=lambda study: study.nct_id)
        for number, site in enumerate(study.sites)
    ]
    return _frame(rows, SITE_TYPES)


def _frame(rows: Sequence[tuple[object, ...]], types: Mapping[str, str]) -> pd.DataFrame:
    columns = zip(*rows, strict=True) if rows else ([] for _ in types)
    return pd.DataFrame(
        {
            name: pd.Series(list(values), dtype=kind)
            for (name, kind), values in zip(types.items(), columns, strict=True)
        }
    )
