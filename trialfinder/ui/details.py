"""The whole of a record, opened in place: summary, sites with their own status, who can join."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.content.reading_grade import grade
from trialfinder.finding.describe import (
    approved_in,
    approved_words,
    contact_words,
    date_words,
    distance_words,
    intervention_words,
    site_status_words,
    site_words,
    status_words,
)
from trialfinder.finding.export import Row
from trialfinder.finding.places import Place, distance_km
from trialfinder.finding.tables import is_open_site
from trialfinder.reading.model import Side
from trialfinder.reading.sections import Section, split_criteria
from trialfinder.registry.parse import PartialDate, Site, Study
from trialfinder.ui import evidence, state
from trialfinder.ui.search_form import Search
from trialfinder.vocabulary import OPEN_STATUSES

_SIDES = {
    Side.INCLUSION: "details.inclusion",
    Side.EXCLUSION: "details.exclusion",
    Side.OTHER: "details.other",
}


_SITES_SHOWN = 10

_ENOUGH = 50
"""In words: of fewer a reading grade says nothing."""

_PLAIN_HEADINGS = ("inclusion criteria", "exclusion criteria", "inclusion", "exclusion")


def show(row: Row, search: Search) -> None:
    """Draw everything that the record says and that the card leaves out."""
    study = row.study
    if state.is_on(state.SAMPLE):
        st.caption(message("sample.no_record"))  # printed, details can fill sheets of their own
    evidence.show_facts(study.nct_id, row.reading)
    if approved := approved_in(study):
        st.markdown(f"#### {message('approved.heading')}")
        st.text("\n".join(map(approved_words, approved)))
    st.caption(" ".join((message("details.registry_words"), *_grade(study))))
    _heading("summary")
    st.text(study.brief_summary or message("card.not_said"))
    _criteria(study)
    _sites(study, search)
    _heading("more")
    st.text("\n".join(_facts(study)))
    if study.detailed_description:
        with st.expander(message("details.description"), key=f"description_{study.nct_id}"):
            st.text(study.detailed_description)


def _grade(study: Study) -> Iterator[str]:
    """How hard the registry's own text is, where there is enough of it to say."""
    text = "\n\n".join(filter(None, (study.brief_summary, study.eligibility_criteria)))
    if len(text.split()) >= _ENOUGH:
        yield message("details.registry_grade", grade=f"{grade(text):.0f}")


def _heading(name: str) -> None:
    st.markdown(f"#### {message(f'details.{name}')}")


def _criteria(study: Study) -> None:
    if study.eligibility_criteria is None:
        _heading("criteria")
        st.text(message("details.no_criteria"))
        return
    sections = split_criteria(study.eligibility_criteria)
    if sections is None:
        _heading("criteria")
        st.caption(message("details.not_split"))
        st.text(study.eligibility_criteria)
        return
    for section in sections:
        st.markdown(f"#### {message(_SIDES[section.side])}")
        st.text("\n".join(part for part in (_own_heading(section), section.body) if part))


def _own_heading(section: Section) -> str | None:
    """The record's heading where it says more than ours, such as "for blast phase"."""
    plain = section.heading is None or section.heading.casefold() in _PLAIN_HEADINGS
    return None if plain else section.heading


def _sites(study: Study, search: Search) -> None:
    _heading("sites")
    contact = contact_words(study.central_contacts)
    st.text(f"{message('details.study_contact')}: {contact or message('details.no_contact')}")
    if not study.sites:
        st.text(message("details.no_sites"))
        return
    near_first = _near_first(study.sites, search.filters.near)
    if study.overall_status not in OPEN_STATUSES:
        _site_list("sites_of_closed", study.nct_id, near_first, search)
        return
    open_ones = [(site, km) for site, km in near_first if is_open_site(study, site)]
    others = [(site, km) for site, km in near_first if not is_open_site(study, site)]
    _site_list("sites_open", study.nct_id, open_ones, search)
    _site_list("sites_not_open", study.nct_id, others, search)


def _site_list(title: str, nct_id: str, sites: list[tuple[Site, float]], search: Search) -> None:
    """The first sites, and the others on demand: some studies have hundreds."""
    if not sites:
        return
    st.markdown(f"**{message(f'details.{title}', count=f'{len(sites):,}')}**")
    st.text("\n".join(_site_lines(sites[:_SITES_SHOWN], search)))
    if rest := sites[_SITES_SHOWN:]:
        with st.expander(counted("details.more_sites", len(rest)), key=f"{title}_{nct_id}"):
            st.text("\n".join(_site_lines(rest, search)))


def _site_lines(sites: list[tuple[Site, float]], search: Search) -> Iterator[str]:
    for site, km in sites:
        words = [site_words(site), site_status_words(site)]
        if search.filters.near:
            words.append(distance_words(km, search.unit))
        yield f"• {' · '.join(words)}"
        if contact := contact_words(site.contacts):
            yield f"   {message('details.contact')}: {contact}"


def _near_first(sites: tuple[Site, ...], near: Place | None) -> list[tuple[Site, float]]:
    """Each site with its distance in km, the nearest first, those without a point last."""
    if near is None:
        return [(site, float("nan")) for site in sites]
    points = np.array([[site.lat, site.lon] for site in sites], dtype="float64")
    kms = distance_km(near.lat, near.lon, points[:, 0], points[:, 1])
    order = np.argsort(kms, kind="stable")  # not-a-number sorts last
    return [(sites[i], float(kms[i])) for i in order]


def _facts(study: Study) -> Iterator[str]:
    facts: tuple[tuple[str, str | None], ...] = (
        ("sponsor", study.sponsor or message("card.not_said")),
        ("official_title", study.official_title),
        ("tested", intervention_words(study.interventions)),
        ("other_names", _other_names(study)),
        ("conditions", "; ".join(study.conditions)),
        ("found_by", message(f"csv.found_by.{study.found_by}")),
        ("collaborators", "; ".join(study.collaborators)),
        ("why_stopped", study.why_stopped),
        ("last_known", study.last_known_status and status_words(study.last_known_status)),
        ("start", _date(study.start_date)),
        ("end", _date(study.completion_date)),
        ("verified", _date(study.status_verified)),
        ("people", None if study.enrollment is None else f"{study.enrollment:,}"),
        ("by_chance", _yes_no(study.allocation, yes="RANDOMIZED", no=("NON_RANDOMIZED", "NA"))),
        ("blinded", _blinded(study)),
        ("healthy", _flag(study.healthy_volunteers)),
        ("expanded_access_id", study.expanded_access_id),
    )
    for name, value in facts:
        if value:
            yield f"{message(f'details.{name}')}: {value}"


def _other_names(study: Study) -> str | None:
    """Brand names and research codes, under which people may know what is tested."""
    return " / ".join(name for i in study.interventions for name in i.other_names) or None


def _date(value: PartialDate | None) -> str | None:
    return None if value is None else date_words(value)


def _yes_no(value: str | None, *, yes: str, no: tuple[str, ...]) -> str | None:
    if value == yes:
        return message("details.yes")
    return message("details.no") if value in no else None


def _blinded(study: Study) -> str | None:
    if "PARTICIPANT" in study.who_masked:
        return message("details.yes")
    return message("details.no") if study.masking == "NONE" else None


def _flag(value: bool | None) -> str | None:
    return None if value is None else message("details.yes" if value else "details.no")
