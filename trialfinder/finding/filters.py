"""Which studies to show: one step after another, and a ledger of what each step removed and why.

A filter on a place looks at sites that count: in an open study its open sites, in a closed study
all of them. Country, state, city and distance must be met by one and the same site. Age and sex
never remove a study: they mark it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from trialfinder.errors import BadFilterError
from trialfinder.finding.limits import age_outside, sex_outside
from trialfinder.finding.places import Place, area_names, country_at_least_km, distance_km
from trialfinder.finding.tables import SEPARATOR
from trialfinder.vocabulary import (
    OPEN_STATUSES,
    Approach,
    CmlPhase,
    OverallStatus,
    Relevance,
    Sex,
    StudyType,
    TrialPhase,
)

DEFAULT_RELEVANCES = (Relevance.YES, Relevance.MAY)
"""What was written for other people is left out at first."""

DEFAULT_STUDY_TYPES = (StudyType.INTERVENTIONAL, StudyType.EXPANDED_ACCESS)
"""Studies that people can get a treatment from; those that only observe are left out at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a person asked for. Empty or None means: any.

    ``age`` is in years; ``within_km`` needs ``near``. Raises `BadFilterError` for what the registry
    has no such value for, and for a distance without a place.
    """

    relevances: Sequence[Relevance] = DEFAULT_RELEVANCES
    statuses: Sequence[OverallStatus] = OPEN_STATUSES
    study_types: Sequence[StudyType] = DEFAULT_STUDY_TYPES
    trial_phases: Sequence[TrialPhase] = ()
    cml_phases: Sequence[CmlPhase] = ()
    approaches: Sequence[Approach] = ()
    country: str | None = None
    state: str | None = None
    city: str | None = None
    near: Place | None = None
    within_km: float | None = None
    age: float | None = None
    sex: Sex | None = None

    def __post_init__(self) -> None:
        if self.within_km is not None and (self.near is None or not self.within_km > 0):
            raise BadFilterError("a distance needs a place to start from, and must be positive")
        try:
            chosen = {
                "relevances": tuple(map(Relevance, self.relevances)),
                "statuses": tuple(map(OverallStatus, self.statuses)),
                "study_types": tuple(map(StudyType, self.study_types)),
                "trial_phases": tuple(map(TrialPhase, self.trial_phases)),
                "cml_phases": tuple(map(CmlPhase, self.cml_phases)),
                "approaches": tuple(map(Approach, self.approaches)),
            }
        except ValueError as error:
            raise BadFilterError("a filter has a value that does not exist") from error
        for name, values in chosen.items():
            object.__setattr__(self, name, values)  # frozen, but plain text is welcome


class StepName(StrEnum):
    """The filters, in the order in which they are applied."""

    RELEVANCE = "relevance"
    STATUS = "status"
    STUDY_TYPE = "study_type"
    TRIAL_PHASE = "trial_phase"
    CML_PHASE = "cml_phase"
    APPROACH = "approach"
    PLACE = "place"
    DISTANCE = "distance"


class Reason(StrEnum):
    """Why a step removed a study."""

    MADE_FOR_OTHERS = "made_for_others"
    OTHER_RELEVANCE = "other_relevance"
    OTHER_STATUS = "other_status"
    OTHER_TYPE = "other_type"
    OTHER_PHASE = "other_phase"
    NO_PHASE = "no_phase"
    OTHER_CML_PHASE = "other_cml_phase"
    OTHER_APPROACH = "other_approach"
    APPROACH_UNCLEAR = "approach_unclear"
    NO_SITES = "no_sites"
    ELSEWHERE = "elsewhere"
    CLOSED_THERE = "closed_there"
    TOO_FAR = "too_far"
    CLOSED_NEAR = "closed_near"


@dataclass(frozen=True, slots=True)
class Step:
    """What one filter left, and the NCT IDs that it removed, by reason."""

    name: StepName
    left: int
    removed: dict[Reason, tuple[str, ...]]


class Group(StrEnum):
    """Where a listed study stands, first group first; within a group `Order` decides."""

    NAMED = "named"  # takes people with the mutation that the person named
    YES = "yes"  # these three by `Relevance`
    MAY = "may"
    NO = "no"
    DISTANCE_UNKNOWN = "distance_unknown"
    MAY_NOT_FIT = "may_not_fit"  # by age or sex, or by what else the person said


class Order(StrEnum):
    """How the studies of each `Group` are sorted."""

    NEAREST = "nearest"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class Listing:
    """The studies to show and how they came to be.

    ``studies`` has the columns of `tables.STUDY_TYPES` and of `MARKS`. ``ledger`` has one `Step`
    for each filter in use.
    """

    studies: pd.DataFrame
    ledger: tuple[Step, ...]


MARKS = {
    "nearest": "Int64",  # number of the nearest open site that meets the place filters
    "distance_km": "float64",  # to that site; missing when no place was given or it has no point
    "closed_nearer": "Int64",  # number of the nearest site, when it is nearer but not open
    "closed_nearer_km": "float64",
    "distance_unknown": "bool",  # kept only because an open site has no point on the map
    "age_outside": "bool",  # the age given lies outside the record's limits
    "sex_outside": "bool",
    "group": "str",  # a `Group`
}


def filter_trials(
    studies: pd.DataFrame,
    sites: pd.DataFrame,
    filters: Filters,
    order: Order | None = None,
    *,
    unfit: Collection[str] = (),
    named: Collection[str] = (),
) -> Listing:
    """Apply ``filters`` to tables made by `tables.study_table` and `tables.site_table`.

    ``order`` defaults to the nearest first when a place is given, else to the last updated first.
    ``unfit``: NCT IDs of studies that something speaks against (`situation.unfit`); they stand
    last. ``named``: of those that take the mutation that the person named; they stand first.
    """
    ledger: list[Step] = []
    left = studies
    for name, judge in (
        (StepName.RELEVANCE, _by_relevance if filters.relevances else None),
        (StepName.STATUS, _by_status if filters.statuses else None),
        (StepName.STUDY_TYPE, _by_study_type if filters.study_types else None),
        (StepName.TRIAL_PHASE, _by_trial_phase if filters.trial_phases else None),
        (StepName.CML_PHASE, _by_cml_phase if filters.cml_phases else None),
        (StepName.APPROACH, _by_approach if filters.approaches else None),
    ):
        if judge:
            left = _take(name, left, judge(left, filters), ledger)

    reach = _reach(left, sites, filters)
    if any(_spelling(name or "") for name in (filters.country, filters.state, filters.city)):
        left = _take(StepName.PLACE, left, _by_place(left, reach), ledger)
    if filters.within_km is not None:
        left = _take(StepName.DISTANCE, left, _by_distance(left, reach, filters.within_km), ledger)

    marked = _mark(left, reach, filters, unfit, named)
    if order is None:
        order = Order.NEAREST if filters.near else Order.UPDATED
    return Listing(_sort(marked, order), tuple(ledger))


def _take(
    name: StepName, studies: pd.DataFrame, reasons: pd.Series, ledger: list[Step]
) -> pd.DataFrame:
    """The studies without a reason to go; the others are written down in ``ledger``."""
    gone = studies["nct_id"][reasons != ""]
    removed = {Reason(why): tuple(ids) for why, ids in gone.groupby(reasons[reasons != ""])}
    left = studies[reasons == ""]
    ledger.append(Step(name, len(left), removed))
    return left


def _because(studies: pd.DataFrame, *rules: tuple[pd.Series, Reason]) -> pd.Series:
    """For each study the reason of the first rule that holds; "" where none does."""
    reasons = np.select([rule for rule, _ in rules], [reason.value for _, reason in rules], "")
    return pd.Series(reasons, index=studies.index, dtype="str")


def _by_relevance(studies: pd.DataFrame, filters: Filters) -> pd.Series:
    relevance = studies["relevance"]
    other = ~relevance.isin(filters.relevances)
    return _because(
        studies,
        (other & (relevance == Relevance.NO), Reason.MADE_FOR_OTHERS),
        (other, Reason.OTHER_RELEVANCE),
    )


def _by_status(studies: pd.DataFrame, filters: Filters) -> pd.Series:
    status = studies["overall_status"]
    other = status.notna() & ~status.isin(filters.statuses)  # silence is no reason to hide a study
    return _because(studies, (other, Reason.OTHER_STATUS))


def _by_study_type(studies: pd.DataFrame, filters: Filters) -> pd.Series:
    kind = studies["study_type"]
    other = kind.notna() & ~kind.isin(filters.study_types)
    return _because(studies, (other, Reason.OTHER_TYPE))


def _by_trial_phase(studies: pd.DataFrame, filters: Filters) -> pd.Series:
    """A study in phases 1 and 2 is found by either; without a phase it is found by none."""
    phases = studies["phases"]
    hit = _naming(phases, filters.trial_phases)
    return _because(studies, (phases.isna(), Reason.NO_PHASE), (~hit, Reason.OTHER_PHASE))


def _by_cml_phase(studies: pd.DataFrame, filters: Filters) -> pd.Series:
    phases = studies["cml_phases"]
    other = phases.notna() & ~_naming(phases, filters.cml_phases)  # silence hides no study
    return _because(studies, (other, Reason.OTHER_CML_PHASE))


def _by_approach(studies: pd.DataFrame, filters: Filters) -> pd.Series:
    approaches = studies["approaches"]
    hit = _naming(approaches, filters.approaches)
    return _because(
        studies, (approaches.isna(), Reason.APPROACH_UNCLEAR), (~hit, Reason.OTHER_APPROACH)
    )


def _naming(column: pd.Series, wanted: Sequence[str]) -> pd.Series:
    """Which cells of several values hold at least one of those wanted."""
    sought = set(wanted)
    hit = column.fillna("").map(lambda text: not sought.isdisjoint(text.split(SEPARATOR)))
    return hit.astype("bool")  # of an empty column pandas cannot tell the type


def _reach(studies: pd.DataFrame, sites: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The sites of ``studies`` with four more columns.

    ``counts``: whether people could go there, see the module's first lines. ``here``: whether
    country, state and city fit. ``km``: the distance from the place given, missing if not known.
    ``unplaced``: it is not known and may be within the limit; a country may be wholly beyond it.
    """
    reach = sites[sites["nct_id"].isin(studies["nct_id"])].copy()
    open_studies = studies["nct_id"][studies["overall_status"].isin(OPEN_STATUSES)]
    reach["counts"] = reach["open"] | ~reach["nct_id"].isin(open_studies)
    here = pd.Series(True, index=reach.index)
    for column in ("country", "state", "city"):
        named = getattr(filters, column) or ""
        if _spelling(named):
            known_as = area_names(named) if column != "city" else ()
            wanted = {_spelling(name) for name in (named, *known_as)}
            here &= reach[column].map(_spelling, na_action="ignore").isin(wanted)
    reach["here"] = here
    if filters.near:
        lats, lons = reach["lat"].to_numpy(), reach["lon"].to_numpy()
        reach["km"] = distance_km(filters.near.lat, filters.near.lon, lats, lons)
    else:
        reach["km"] = np.nan
    reach["unplaced"] = reach["km"].isna()
    if filters.near and filters.within_km is not None:
        least = {
            country: country_at_least_km(filters.near, country)
            for country in reach["country"][reach["unplaced"]].dropna().unique()
        }
        reach["unplaced"] &= ~(reach["country"].map(least) > filters.within_km)
    return reach


def _spelling(name: str) -> str:
    """``name`` without the differences that people and sponsors do not see."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _having(studies: pd.DataFrame, sites: pd.DataFrame) -> pd.Series:
    """Which of ``studies`` have at least one of ``sites``."""
    return studies["nct_id"].isin(sites["nct_id"])


def _by_place(studies: pd.DataFrame, reach: pd.DataFrame) -> pd.Series:
    keep = _having(studies, reach[reach["here"] & reach["counts"]])
    return _because(
        studies,
        (~_having(studies, reach), Reason.NO_SITES),
        (~keep & _having(studies, reach[reach["here"]]), Reason.CLOSED_THERE),
        (~keep, Reason.ELSEWHERE),
    )


def _by_distance(studies: pd.DataFrame, reach: pd.DataFrame, within_km: float) -> pd.Series:
    near = reach["here"] & (reach["km"] <= within_km)
    unknown = reach["here"] & reach["unplaced"]
    keep = _having(studies, reach[reach["counts"] & (near | unknown)])
    return _because(
        studies,
        (~_having(studies, reach), Reason.NO_SITES),
        (~keep & _having(studies, reach[near]), Reason.CLOSED_NEAR),
        (~keep, Reason.TOO_FAR),
    )


def _mark(
    studies: pd.DataFrame,
    reach: pd.DataFrame,
    filters: Filters,
    unfit: Collection[str],
    named: Collection[str],
) -> pd.DataFrame:
    """``studies`` with the columns of `MARKS`."""
    here = reach[reach["here"]]
    marked = studies.set_index("nct_id", drop=False)
    # An empty frame takes on the rows of a series that is assigned to it: hence the reindexing.
    nearest = _closest(here[here["open"]]).reindex(marked.index)
    closed = _closest(here[~here["open"] & ~here["counts"]]).reindex(marked.index)
    nearer = closed[closed["km"] < nearest["km"].fillna(np.inf)].reindex(marked.index)
    marked["nearest"], marked["distance_km"] = nearest["number"], nearest["km"]
    marked["closed_nearer"], marked["closed_nearer_km"] = nearer["number"], nearer["km"]
    unknown = _distance_unknown(studies, here, filters).to_numpy()
    marked["distance_unknown"] = unknown
    # A site far beyond the limit is not why the study is listed, so it is not named as the nearest.
    marked.loc[unknown, ["nearest", "distance_km", "closed_nearer", "closed_nearer_km"]] = np.nan
    marked["age_outside"] = _age_outside(marked, filters.age)
    marked["sex_outside"] = _sex_outside(marked, filters.sex)
    marked["group"] = np.select(
        [
            marked["age_outside"] | marked["sex_outside"] | marked["nct_id"].isin(unfit),
            marked["distance_unknown"],
            marked["nct_id"].isin(named),
        ],
        [Group.MAY_NOT_FIT.value, Group.DISTANCE_UNKNOWN.value, Group.NAMED.value],
        marked["relevance"].to_numpy(),  # a `Group` of the same name
    )
    return marked.reset_index(drop=True).astype(MARKS)


def _closest(sites: pd.DataFrame) -> pd.DataFrame:
    """For each study the row of the site with the smallest known distance, by NCT ID."""
    known = sites[sites["km"].notna()].sort_values(["km", "number"])
    return known.drop_duplicates("nct_id").set_index("nct_id")[["number", "km"]]


def _distance_unknown(studies: pd.DataFrame, here: pd.DataFrame, filters: Filters) -> pd.Series:
    if filters.near is None:
        return pd.Series(False, index=studies.index)
    limit = np.inf if filters.within_km is None else filters.within_km
    counting = here[here["counts"]]
    within = _having(studies, counting[counting["km"] <= limit])
    return ~within & _having(studies, counting[counting["unplaced"]])


def _age_outside(studies: pd.DataFrame, age: float | None) -> list[bool]:
    limits = studies[["min_age_years", "max_age_years"]].astype("object")
    known = limits.where(limits.notna(), None).itertuples(index=False, name=None)
    return [age is not None and age_outside(age, low, high) for low, high in known]


def _sex_outside(studies: pd.DataFrame, sex: Sex | None) -> list[bool]:
    return [sex is not None and sex_outside(sex, taken) for taken in studies["sex"]]


def _sort(marked: pd.DataFrame, order: Order) -> pd.DataFrame:
    """By group, then by ``order``; what is not known comes after what is."""
    by, rising = ("distance_km", True) if order is Order.NEAREST else ("last_update", False)
    return (
        marked.assign(rank=marked["group"].map({group: n for n, group in enumerate(Group)}))
        .sort_values(["rank", by, "nct_id"], ascending=[True, rising, True], na_position="last")
        .drop(columns="rank")
        .reset_index(drop=True)
    )
