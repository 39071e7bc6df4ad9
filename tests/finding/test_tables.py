"""Tables have one type for each column, however full they are, and know which sites are open."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import pandas as pd
import pytest

from tests.support.builders import (
    listed,
    numbered,
    reading,
    silent_study,
    site,
    study,
    tables,
    unplaced,
)
from trialfinder.finding.filters import MARKS
from trialfinder.finding.tables import (
    SITE_TYPES,
    STUDY_TYPES,
    is_open_site,
    site_table,
)
from trialfinder.reading import Why
from trialfinder.registry.parse import Age, PartialDate
from trialfinder.vocabulary import (
    CLOSED_STATUSES,
    OPEN_STATUSES,
    Approach,
    CmlPhase,
    FoundBy,
    Relevance,
    Stance,
)

SITE_STATUSES = (
    *("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"),
    *("ACTIVE_NOT_RECRUITING", "SUSPENDED", "COMPLETED", "TERMINATED", "WITHDRAWN"),
)


FULL = reading(
    relevance=Relevance.MAY,
    why=Why.SEVERAL_DISEASES,
    cml_phases=(CmlPhase.CHRONIC, CmlPhase.BLAST),
    approaches=(Approach.TKI, Approach.OTHER_TARGETED),
    t315i=Stance.ACCEPTED,
    min_prior_tkis=2,
)


def types_of(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(kind) for name, kind in frame.dtypes.items()}


# --- types -----------------------------------------------------------------------------------


def test_a_study_table_has_the_promised_types_full_silent_and_empty() -> None:
    for studies in ([study()], [silent_study()], []):
        assert types_of(tables(studies)[0]) == dict(STUDY_TYPES)
    assert types_of(tables([study()], {numbered(1): FULL})[0]) == dict(STUDY_TYPES)


def test_a_site_table_has_the_promised_types_full_silent_and_empty() -> None:
    nothing = {"facility": None, "city": None, "state": None, "country": None, "status": None}

    assert types_of(site_table([study()])) == dict(SITE_TYPES)
    assert types_of(site_table([study(sites=[unplaced(**nothing)])])) == dict(SITE_TYPES)
    assert types_of(site_table([study(sites=[])])) == dict(SITE_TYPES)
    assert types_of(site_table([])) == dict(SITE_TYPES)


def test_a_listing_has_the_promised_types_full_silent_and_empty() -> None:
    promised = dict(STUDY_TYPES) | MARKS

    assert types_of(listed(study()).studies) == promised
    assert types_of(listed(silent_study()).studies) == promised
    assert types_of(listed().studies) == promised


# --- what the columns hold -------------------------------------------------------------------


def test_what_a_record_does_not_say_is_missing() -> None:
    row = tables([silent_study()])[0].iloc[0]

    assert [name for name in row.index if not pd.isna(row[name])] == [
        *("nct_id", "found_by", "relevance", "why", "t315i")
    ]


def test_what_a_site_does_not_say_is_missing() -> None:
    nothing = {"facility": None, "city": None, "state": None, "country": None, "status": None}
    row = site_table([study(sites=[unplaced(**nothing)])]).iloc[0]

    assert [name for name in row.index if not pd.isna(row[name])] == ["nct_id", "number", "open"]


def test_a_study_row_says_what_the_study_says() -> None:
    made = study(
        phases=("PHASE1", "PHASE2"),
        minimum_age=Age(6, "Month"),
        maximum_age=Age(75, "Year"),
        last_update=PartialDate(2026, 3),
        found_by=FoundBy.ELIGIBILITY,
    )

    assert tables([made], {made.nct_id: FULL})[0].iloc[0].to_dict() == {
        "nct_id": "NCT99000001",
        "brief_title": "Sample study 01",
        "overall_status": "RECRUITING",
        "study_type": "INTERVENTIONAL",
        "phases": "PHASE1|PHASE2",
        "min_age_years": 0.5,
        "max_age_years": 75.0,
        "sex": "ALL",
        "sponsor": "Sponsor (sample)",
        "last_update": datetime(2026, 3, 1),  # noqa: DTZ001  a day, not a moment
        "found_by": "eligibility",
        "relevance": "may",
        "why": "several_diseases",
        "cml_phases": "chronic|blast",
        "approaches": "tki|other_targeted",
        "t315i": "accepted",
        "min_prior_tkis": 2,
    }


def test_sites_keep_their_number_in_the_record() -> None:
    made = study(sites=[site(city="Austin"), unplaced(city="Dallas"), site(city="Waco")])

    assert site_table([made])[["number", "city"]].to_dict("list") == {
        "number": [0, 1, 2],
        "city": ["Austin", "Dallas", "Waco"],
    }


def test_rows_stand_in_the_order_of_the_nct_ids() -> None:
    made = [study("NCT99000002"), study("NCT99000003"), study("NCT99000001")]
    in_order = ["NCT99000001", "NCT99000002", "NCT99000003"]

    for table in tables(made):
        assert table["nct_id"].to_list() == in_order


def test_each_study_has_its_own_reading() -> None:
    made = [study("NCT99000002"), study("NCT99000001")]
    rows = tables(made, {"NCT99000002": FULL})[0]

    assert rows["relevance"].to_list() == ["yes", "may"]


@pytest.mark.parametrize("date", [PartialDate(1), PartialDate(9999, 12, 31)])
def test_any_date_that_can_be_read_can_be_kept(date: PartialDate) -> None:
    assert tables([study(last_update=date)])[0]["last_update"].dt.year.to_list() == [date.year]


# --- which sites are open --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("overall", "own", "is_open"),
    [
        ("RECRUITING", "RECRUITING", True),
        ("RECRUITING", None, True),
        ("RECRUITING", "NOT_YET_RECRUITING", False),
        ("RECRUITING", "ENROLLING_BY_INVITATION", False),
        ("RECRUITING", "ACTIVE_NOT_RECRUITING", False),
        ("RECRUITING", "COMPLETED", False),
        ("RECRUITING", "SUSPENDED", False),
        ("RECRUITING", "TERMINATED", False),
        ("RECRUITING", "WITHDRAWN", False),
        ("RECRUITING", "A_NEW_STATUS", False),
        ("NOT_YET_RECRUITING", "NOT_YET_RECRUITING", True),
        ("NOT_YET_RECRUITING", "RECRUITING", True),
        ("NOT_YET_RECRUITING", None, True),
        ("NOT_YET_RECRUITING", "WITHDRAWN", False),
        ("ENROLLING_BY_INVITATION", "ENROLLING_BY_INVITATION", True),
        ("ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING", False),
        ("AVAILABLE", "AVAILABLE", True),
        ("AVAILABLE", None, True),
        ("AVAILABLE", "TEMPORARILY_NOT_AVAILABLE", False),
        ("UNKNOWN", "RECRUITING", False),
        ("UNKNOWN", None, False),
        ("SUSPENDED", "SUSPENDED", False),
        ("COMPLETED", "RECRUITING", False),
        ("ACTIVE_NOT_RECRUITING", "RECRUITING", False),
        (None, "RECRUITING", False),
        ("A_NEW_STATUS", "A_NEW_STATUS", False),
    ],
)
def test_which_sites_are_open(overall: str | None, own: str | None, is_open: bool) -> None:
    made = study(overall_status=overall, sites=[site(status=own)])

    assert is_open_site(made, made.sites[0]) is is_open
    assert site_table([made])["open"].to_list() == [is_open]


def test_no_site_of_a_closed_study_is_open_whatever_it_says() -> None:
    for overall, own in product(CLOSED_STATUSES, (*SITE_STATUSES, None)):
        made = study(overall_status=overall, sites=[site(status=own)])
        assert not is_open_site(made, made.sites[0]), (overall, own)


def test_in_every_open_study_a_site_without_a_status_is_open() -> None:
    for overall in OPEN_STATUSES:
        made = study(overall_status=overall, sites=[site(status=None)])
        assert is_open_site(made, made.sites[0]), overall
