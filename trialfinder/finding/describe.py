"""Plain words for what a record holds. Pure: a value in, words out.

Words of ours come from ``content``; a value that we have no words for is passed on as the
registry's own, marked as such. Where a record is silent the words say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from trialfinder.content.approved import Approved, approved_among
from trialfinder.content.language import current
from trialfinder.content.messages import counted, message
from trialfinder.finding.places import KM_PER_UNIT
from trialfinder.finding.situation import Point, Topic
from trialfinder.reading import Evidence, Reading, Side
from trialfinder.registry.parse import (
    Age,
    Contact,
    Intervention,
    PartialDate,
    Site,
    Study,
    clean,
    unescaped,
)
from trialfinder.vocabulary import OverallStatus, StudyType, TrialPhase

_PLACES: Mapping[str, str] = {
    "identificationModule": "title",
    "conditions": "conditions",
    "keywords": "keywords",
    "briefSummary": "summary",
    "detailedDescription": "description",
    "armsInterventionsModule": "treatments",
    "eligibilityModule": "rules",
}
"""What we call a part of the record, by a name in its path."""

OLD_AFTER_MONTHS = 12
"""A record that was not updated for longer than this is shown with a warning."""


def status_words(status: str | None) -> str:
    """ "Recruiting" for "RECRUITING"."""
    if status is None:
        return message("card.not_said")
    return message(f"status.{status}.short") if status in set(OverallStatus) else foreign(status)


def phase_words(study: Study) -> str:
    """ "Trial phase 1 (…) and 2 (…)", or why there is none."""
    if study.phases == (TrialPhase.NA,):
        return message("phase.not_applicable")
    if study.phases:
        known = set(TrialPhase)
        named = [message(f"phase.{p}") if p in known else foreign(p) for p in study.phases]
        return message("phase.label", phases=message("phase.and").join(named))
    if study.study_type == StudyType.OBSERVATIONAL:
        return message("phase.none")
    if study.study_type == StudyType.EXPANDED_ACCESS:
        return message("phase.none_expanded")
    return message("phase.none_said")


def study_type_words(study_type: str | None) -> str:
    """ "Trials that test something" for "INTERVENTIONAL"."""
    if study_type is None:
        return message("card.not_said")
    known = study_type in set(StudyType)
    return message(f"study_type.{study_type}") if known else foreign(study_type)


def sex_words(sex: str | None) -> str:
    """ "All", "Women only", "Men only"."""
    if sex is None:
        return message("card.not_said")
    return message(f"sex.{sex}") if sex in ("ALL", "FEMALE", "MALE") else foreign(sex)


def age_words(low: Age | None, high: Age | None) -> str:
    """ "18 years to 75 years"; a missing limit means that the record sets none."""
    if low and high:
        return message("age.between", min=one_age(low), max=one_age(high))
    if low:
        return message("age.from", min=one_age(low))
    return message("age.to", max=one_age(high)) if high else message("age.any")


def one_age(age: Age) -> str:
    """ "6 months", with its own unit."""
    form = "one" if age.value == 1 else "many"
    return message(f"age.unit.{form}.{age.unit}", n=age.value)


def distance_words(km: float | None, unit: str) -> str:
    """ "about 4 mi"; ``unit`` is "mi" or "km". Points are those of cities, so never exact."""
    if km is None or km != km:  # noqa: PLR0124  not a number
        return message("distance.unknown")
    amount = km / KM_PER_UNIT[unit]
    if amount < 1:
        return message("distance.under_one", unit=unit)
    return message("distance.about", n=f"{amount:,.0f}", unit=unit)


def limit_words(km: float, unit: str) -> str:
    """ "200 mi": a limit that somebody set, so exact and without "about"."""
    amount = km / KM_PER_UNIT[unit]
    return message("distance.limit", n=f"{amount:,.1f}".removesuffix(".0"), unit=unit)


def date_words(value: PartialDate | None) -> str:
    """ "5 Mar 2026", "Mar 2026" or "2026": as precise as the record, no more."""
    if value is None:
        return message("card.not_said")
    month = message("months.names").split()[value.month - 1] if value.month else None
    return " ".join(str(part) for part in (value.day, month, value.year) if part)


def day_words(day: date) -> str:
    """ "20 Nov 2026"."""
    return date_words(PartialDate(day.year, day.month, day.day))


def timestamp_words(data_timestamp: str | None) -> str | None:
    """The day of the registry's own timestamp; None if it is missing or cannot be read."""
    try:
        return data_timestamp and day_words(datetime.fromisoformat(data_timestamp).date())
    except ValueError:
        return None


def is_old(updated: PartialDate | None, today: date) -> bool:
    """Whether more than `OLD_AFTER_MONTHS` have passed since; a missing date counts as old."""
    if updated is None:
        return True
    first = updated.earliest
    months = (today.year - first.year) * 12 + today.month - first.month
    return months > OLD_AFTER_MONTHS or (months == OLD_AFTER_MONTHS and today.day > first.day)


def update_warning(study: Study, today: date) -> str | None:
    """What to say beside an old or missing last update."""
    if study.last_update is None:
        return message("card.no_update")
    return message("card.old_record") if is_old(study.last_update, today) else None


def site_words(site: Site) -> str:
    """ "MD Hospital, Houston, Texas, United States", as far as the record says."""
    parts = (site.facility, site.city, site.state, site.country)
    return ", ".join(part for part in parts if part) or message("card.not_said")


def joining_words(study: Study) -> str:
    """What to add to an open site of a study that people cannot join at once; "" if they can."""
    if study.overall_status in (
        OverallStatus.NOT_YET_RECRUITING,
        OverallStatus.ENROLLING_BY_INVITATION,
    ):
        return f" ({message(f'card.joining.{study.overall_status}')})"
    return ""


def site_status_words(site: Site) -> str:
    """The site's own status in words, or that it has none."""
    return status_words(site.status) if site.status else message("details.site_status_missing")


def contact_words(contacts: Iterable[Contact]) -> str | None:
    """Names with phone and e-mail, or None: people without either cannot be reached."""
    reachable = [c for c in contacts if c.phone or c.email]
    lines = [", ".join(p for p in (c.name, c.phone, c.email) if p) for c in reachable]
    return " / ".join(lines) or None


def contact_at(study: Study, site: Site | None) -> str | None:
    """Whom to write to or call for ``site``: its own contacts, else, said so, the study's."""
    own = contact_words(site.contacts) if site else None
    if own:
        return own
    of_study = contact_words(study.central_contacts)
    return of_study and message("card.study_contact", contact=of_study)


def intervention_words(interventions: Sequence[Intervention]) -> str | None:
    """Names of what is tested or given; None when the record names nothing."""
    return " / ".join(i.name for i in interventions if i.name) or None


def approved_in(study: Study) -> tuple[Approved, ...]:
    """The medicines among those tested or given that are approved for CML already."""
    names = (n for i in study.interventions for n in (i.name, *i.other_names) if n)
    return approved_among(names)


def approved_words(medicine: Approved) -> str:
    """What is known of the approval of a medicine, with the source and its day."""
    said = [
        f"{message(f'approved.{region}')}: {statement[current()]}"
        for region, statement in (("us", medicine.us), ("eu", medicine.eu))
        if statement
    ]
    day = day_words(medicine.reviewed)
    return message(
        "approved.label",
        name=medicine.name,
        said=" ".join(said),
        day=day,
        source=medicine.source,
    )


def relevance_words(reading: Reading) -> str:
    """What the record says to someone whose TKI has stopped working."""
    return message(f"relevance.{reading.relevance}")


def why_words(reading: Reading) -> str:
    """Which words of the record that rests on, in a sentence of ours."""
    return message(f"why.{reading.why}")


def deciding_quote(reading: Reading) -> Evidence | None:
    """The words of the record that decided; None where their absence did."""
    return next(iter(reading.quotes("relevance")), None)


def quote_words(evidence: Evidence) -> str:
    """The quote on one line, without control characters and the registry's markdown escapes.

    The evidence itself has every letter. "[…]" marks where the sentence goes on.
    """
    words = " ".join(unescaped(clean(evidence.quote)).split())
    before, after = ("[…] " * evidence.more_before, " […]" * evidence.more_after)
    return f"{before}{words}{after}"


def where_words(evidence: Evidence) -> str:
    """ "Summary", "Who can join": where in the record the quote stands."""
    if evidence.side is not Side.OTHER:
        return message(f"where.{evidence.side}")
    names = re.split(r"[.\[]", evidence.field)
    return message(f"where.{next((_PLACES[n] for n in names if n in _PLACES), 'elsewhere')}")


def cml_phase_words(reading: Reading) -> str:
    """ "Chronic phase / Blast phase": those that the record names."""
    named = [message(f"cml_phase.{phase}") for phase in reading.cml_phases]
    return " / ".join(named) or message("reading.not_said")


def approach_words(reading: Reading) -> str:
    """ "A TKI / Immunotherapy": the kinds of treatment that the study tests."""
    named = [message(f"approach.{approach}") for approach in reading.approaches]
    return " / ".join(named) or message("reading.not_said")


def t315i_words(reading: Reading) -> str:
    """What the record says of people with the T315I mutation."""
    return message(f"t315i.{reading.t315i}")


def prior_tkis_words(reading: Reading) -> str:
    """How many earlier TKIs the record asks for."""
    if reading.min_prior_tkis is None:
        return message("reading.not_said")
    if reading.min_prior_tkis == 0:
        return message("prior_tkis.none")
    return counted("prior_tkis", reading.min_prior_tkis)


def tki_words(name: str) -> str:
    """ "imatinib (Gleevec, Glivec)": a TKI by its generic name and its brands."""
    return message(f"tki.{name}")


def topic_words(point: Point) -> str:
    """ "number of TKIs": what a point is about."""
    return message(f"points.topic.{point.topic}")


def point_words(point: Point, study: Study) -> str:
    """What the person said and what the record says, in a sentence of ours."""
    if point.topic is Topic.FOR_WHOM:
        return message(f"why.{point.case}")
    return message(
        f"points.{point.topic}.{point.case}",
        **point.values,
        limits=age_words(study.minimum_age, study.maximum_age),
        sexes=sex_words(study.sex),
    )


def foreign(value: str) -> str:
    """A value of the registry's that we have no words for."""
    return message("csv.unknown_value", value=value)
