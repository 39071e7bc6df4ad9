"""What was read out of a record, each fact beside the record's own words that say it.

Those words go through `st.text` alone, like all text of the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.describe import (
    approach_words,
    cml_phase_words,
    prior_tkis_words,
    quote_words,
    t315i_words,
    where_words,
    why_words,
)
from trialfinder.reading import Evidence, Reading
from trialfinder.vocabulary import Stance

_Quotes = tuple[tuple[str, tuple[str, ...]], ...]
"""Where in the record, and what it says there."""


@dataclass(frozen=True, slots=True)
class _Fact:
    """``name`` is its key in ``[facts]``; without words and quotes the record does not say it."""

    name: str
    words: str | None
    quotes: _Quotes

    @property
    def label(self) -> str:
        return message(f"facts.{self.name}")


def show_why(nct_id: str, reading: Reading) -> None:
    """On the card: why the trial is listed, and the words of its record that decided it."""
    st.text(why_words(reading))
    places = _quotes(reading, "relevance")
    if not places:
        st.caption(message("reading.no_quote"))
        return
    where, (first, *_) = places[0]
    _box(where, [first], f"{nct_id}_card", others=sum(len(said) for _, said in places) - 1)


def short_lines(reading: Reading) -> Iterator[str]:
    """On the card: what is tested and on whom, in few lines; what is not said in one of them."""
    phases, tested, t315i, tkis = _short_facts(reading)
    said = [f"{fact.label}: {fact.words}" for fact in (tested, phases) if fact.words]
    if said:
        yield " · ".join(said)
    yield from (fact.words for fact in (t315i, tkis) if fact.words)  # whole sentences
    if silent := [fact.label for fact in (tested, phases, t315i, tkis) if not fact.words]:
        yield f"{' · '.join(silent)}: {message('card.not_said')}"


def show_facts(nct_id: str, reading: Reading) -> None:
    """In the details: every fact with all its quotes, then what the record does not say."""
    st.markdown(f"#### {message('facts.heading')}")
    st.caption(message("facts.how"))
    silent = []
    for fact in _facts(reading):
        if not fact.words and not fact.quotes:
            silent.append(f"• {fact.label}")
            continue
        st.markdown(f"**{fact.label}**")
        if fact.words:
            st.text(fact.words)
        for number, (where, quotes) in enumerate(fact.quotes):
            _box(where, quotes, f"{nct_id}_{fact.name}_{number}")
    if silent:
        st.markdown(f"**{message('reading.not_said')}**")
        st.text("\n".join(silent))


def _facts(reading: Reading) -> Iterator[_Fact]:
    yield _Fact("why", why_words(reading), _quotes(reading, "relevance"))
    yield from _short_facts(reading)
    yield _Fact("mutations", _stances(reading.mutations), _quotes(reading, "mutation"))
    yield _Fact("drugs", _stances(reading.prior_drugs), _quotes(reading, "drug"))
    yield _Fact("wash_out", None, _quotes(reading, "wash_out"))
    transplant = reading.prior_transplant
    words = None if transplant is Stance.SILENT else message(f"facts.stance.{transplant}")
    yield _Fact("prior_transplant", words, _quotes(reading, "prior_transplant"))
    yield _Fact("response", None, _quotes(reading, "response"))
    yield _Fact("current_tki", None, _quotes(reading, "current_tki"))
    yield _Fact("good_response", None, _quotes(reading, "good_response"))


def _short_facts(reading: Reading) -> tuple[_Fact, _Fact, _Fact, _Fact]:
    """CML phases, what is tested, T315I, earlier TKIs: those that the card has room for."""
    return (
        _Fact(
            "cml_phases",
            cml_phase_words(reading) if reading.cml_phases else None,
            _quotes(reading, "cml_phase"),
        ),
        _Fact(
            "approaches",
            approach_words(reading) if reading.approaches else None,
            _quotes(reading, "approach"),
        ),
        _Fact(
            "t315i",
            None if reading.t315i is Stance.SILENT else t315i_words(reading),
            _quotes(reading, "t315i"),
        ),
        _Fact(
            "prior_tkis",
            None if reading.min_prior_tkis is None else prior_tkis_words(reading),
            _quotes(reading, "min_prior_tkis"),
        ),
    )


def _stances(named: Mapping[str, Stance]) -> str | None:
    """ "V299L: accepted / F317L: ruled out"; None when nothing is named."""
    words = (f"{name}: {message(f'facts.stance.{stance}')}" for name, stance in named.items())
    return " / ".join(words) or None


def show_quotes(items: Iterable[Evidence], key: str) -> None:
    """All of ``items``, by where they stand in the record; ``key`` begins those of their boxes."""
    for number, (where, quotes) in enumerate(_by_place(items)):
        _box(where, quotes, f"{key}_{number}")


def _quotes(reading: Reading, kind: str) -> _Quotes:
    """The evidence of one kind, such as "cml_phase" for "cml_phase:blast"."""
    return _by_place(one for one in reading.evidence if one.about.split(":")[0] == kind)


def _by_place(items: Iterable[Evidence]) -> _Quotes:
    """Quotes by where they stand. One sentence often says two things: it is quoted once."""
    places: dict[str, list[str]] = {}
    for one in items:
        said = places.setdefault(where_words(one), [])
        if (words := quote_words(one)) not in said:
            said.append(words)
    return tuple((where, tuple(said)) for where, said in places.items())


def _box(where: str, quotes: Sequence[str], key: str, *, others: int = 0) -> None:
    """Quotes from one place, whole, marked as such; ``others`` stand in the details."""
    with st.container(key=f"quote_{key}", gap="xxsmall"):
        for words in quotes:
            st.text(f"“{words}”")
        marked = message("facts.where", where=where)
        st.caption(f"{marked} {counted('facts.more', others)}" if others else marked)
