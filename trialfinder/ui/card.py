"""One trial in few lines: what its record says, and what speaks against it.

Text from the registry goes through `st.text` alone, which shows it letter for letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.describe import (
    age_words,
    approved_in,
    contact_at,
    date_words,
    distance_words,
    joining_words,
    phase_words,
    sex_words,
    site_words,
    status_words,
    update_warning,
)
from trialfinder.finding.export import (
    RECORD_URL,
    Row,
    closed_nearer_site,
    nearest_site,
    nearest_words,
)
from trialfinder.finding.situation import points
from trialfinder.finding.tables import counts, is_open_site
from trialfinder.registry.parse import Study
from trialfinder.ui import (
    against,
    details,
    evidence,
    explanations,
    situation_form,
    state,
    words,
)
from trialfinder.ui.search_form import Search
from trialfinder.vocabulary import OPEN_STATUSES, OverallStatus, StudyType


def show(row: Row, search: Search, today: date) -> None:
    """Draw one trial; its details are worked out only when they are opened."""
    study = row.study
    with st.container(border=True, key=f"card_{study.nct_id}"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.subheader(study.nct_id, anchor=False, width="content")
            st.checkbox(
                message("card.keep", nct_id=study.nct_id),
                key=state.keep_key(study.nct_id),
                on_change=state.keep,
                args=(study.nct_id,),
            )
        with st.container(key=f"title_{study.nct_id}"):
            st.text(study.brief_title or message("card.no_title"))
        _status_badge(study)
        evidence.show_why(study.nct_id, row.reading)
        st.text("\n".join(_whom(row)))
        _options(row)
        against.show(study, points(search.situation, study, row.reading))
        st.text("\n".join(_where_and_when(row, search)))
        if remarks := list(_remarks(study, today)):
            st.warning("\n\n".join(remarks))
        box = st.expander(
            message("card.details", nct_id=study.nct_id),
            key=f"details_{study.nct_id}",
            on_change="rerun",
        )
        if box.open:
            with box:
                details.show(row, search)
        words.show(_own_words(row), f"card_{study.nct_id}", study.nct_id)
        if state.is_on(state.SAMPLE):
            st.caption(message("sample.no_record"))
        else:
            url = RECORD_URL.format(nct_id=study.nct_id)
            st.link_button(message("card.official", nct_id=study.nct_id), url)


def _options(row: Row) -> None:
    """From what the trial tests to the explanations; and what of it is approved already."""
    opened = situation_form.read_about()
    approaches = [a for a in row.reading.approaches if explanations.OPTION_OF[a] not in opened]
    with st.container(horizontal=True, key=f"options_{row.study.nct_id}"):
        for approach in approaches:
            st.button(
                message("card.read_about", option=message(f"approach.{approach}")),
                key=f"read_{approach}_{row.study.nct_id}",
                on_click=situation_form.read,
                args=(explanations.OPTION_OF[approach],),
                type="tertiary",
                wrap=True,
            )
        for approach in row.reading.approaches:
            if (text := explanations.OPTION_OF[approach]) in opened:
                words_of = message("card.to_option", option=message(f"approach.{approach}"))
                st.markdown(f"[{words_of}](#{explanations.anchor_of(text)})")
    if approved := approved_in(row.study):
        st.text(message("approved.short", names=", ".join(one.name for one in approved)))


def _own_words(row: Row) -> str:
    """The texts of the record that the card shows."""
    quotes = " ".join(one.quote for one in row.reading.evidence)
    return f"{row.study.brief_title or ''} {quotes}"


def _status_badge(study: Study) -> None:
    """Our own word for the status, in a colour; a status we have no word for is plain text."""
    words = status_words(study.overall_status)
    if study.overall_status not in set(OverallStatus):
        st.text(f"{message('card.status')}: {words}")
    elif study.overall_status == OverallStatus.RECRUITING:
        st.badge(words, color="green")
    else:
        st.badge(words, color="blue" if study.overall_status in OPEN_STATUSES else "gray")


def _whom(row: Row) -> Iterator[str]:
    """What is tested and on whom."""
    study = row.study
    yield from evidence.short_lines(row.reading)
    yield phase_words(study)
    ages = _labelled("age", age_words(study.minimum_age, study.maximum_age))
    yield f"{ages} · {_labelled('sex', sex_words(study.sex))}"


def _where_and_when(row: Row, search: Search) -> Iterator[str]:
    study = row.study
    yield from _where(row, search)
    if contact := contact_at(study, nearest_site(row)):
        yield _labelled("contact", contact)
    yield _labelled("updated", date_words(study.last_update))


def _where(row: Row, search: Search) -> Iterator[str]:
    """The nearest open site, or where the open sites are when no place was given."""
    study = row.study
    if nearest_site(row) is not None:
        distance = distance_words(row.km, search.unit)
        yield _labelled("nearest", f"{nearest_words(row)}: {distance}")
    elif search.filters.near or not _open_countries(study):
        yield _labelled("nearest", nearest_words(row))
    else:
        count = sum(is_open_site(study, one) for one in study.sites)
        countries = ", ".join(_open_countries(study))
        where = counted("card.sites", count, countries=countries)
        yield _labelled("nearest_no_place", f"{where}{joining_words(study)}")
    closed = closed_nearer_site(row)
    if closed is not None:
        distance = distance_words(row.marks["closed_nearer_km"], search.unit)
        yield message("card.closed_nearer", site=site_words(closed), distance=distance)
    if row.marks["distance_unknown"]:
        unknown = [s for s in study.sites if s.lat is None and counts(study, s)]
        yield message("card.distance_unknown", sites="; ".join(site_words(s) for s in unknown))


def _open_countries(study: Study) -> list[str]:
    sites = [site for site in study.sites if is_open_site(study, site)]
    return sorted({site.country or message("card.not_said") for site in sites})


def _labelled(name: str, words: str) -> str:
    return f"{message(f'card.{name}')}: {words}"


def _remarks(study: Study, today: date) -> Iterator[str]:
    """What to know before reading on. Our own words only: they are drawn as markdown."""
    if study.study_type == StudyType.EXPANDED_ACCESS:
        yield message("card.expanded_access")
    if warning := update_warning(study, today):
        yield warning
