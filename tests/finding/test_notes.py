"""Nobody sees a list without what is wrong with it, and nobody is warned of what is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from tests.support.builders import (
    HOUSTON,
    NOW,
    changed,
    found,
    listed,
    numbered,
    reading,
    site,
    study,
)
from trialfinder import errors
from trialfinder.errors import (
    PlaceAmbiguousError,
    RegistryBusyError,
    RegistryDownError,
    RegistryRefusedError,
    TrialfinderError,
)
from trialfinder.finding.filters import Filters, Step, StepName
from trialfinder.finding.notes import (
    error_note,
    group_words,
    left_out,
    notes_on,
    origin_words,
    step_words,
)
from trialfinder.finding.search import Found
from trialfinder.registry.answer import Source
from trialfinder.vocabulary import Part, Relevance

FRESH = found(study())
SAVED = changed(FRESH, source=Source.SAVED, problem=RegistryDownError("503"))


def said(whole: Found, hours: float = 0) -> str:
    notes = notes_on(whole, NOW + timedelta(hours=hours))
    return "\n".join(f"{note.title}: {note.text}" for note in notes)


def leaves(kind: type[TrialfinderError]) -> list[type[TrialfinderError]]:
    below = kind.__subclasses__()
    return [leaf for one in below for leaf in leaves(one)] if below else [kind]


# --- errors ----------------------------------------------------------------------------------


def test_no_two_errors_share_their_words() -> None:
    kinds = leaves(TrialfinderError)

    assert len(kinds) == len({kind.code for kind in kinds})
    assert "unknown" not in {kind.code for kind in kinds}


@pytest.mark.parametrize("kind", leaves(errors.RegistryError), ids=lambda kind: kind.__name__)
def test_every_registry_error_says_what_happened_what_to_do_and_that_it_is_not_none(
    kind: type[TrialfinderError],
) -> None:
    note = error_note(kind("secret detail"))

    assert note.title == "The trials could not be loaded"
    assert "This does not mean that there are no trials." in note.text
    assert "https://clinicaltrials.gov" in note.text
    assert "secret detail" not in note.text


def test_what_to_do_differs_with_the_error() -> None:
    texts = {error_note(kind()).text for kind in leaves(errors.RegistryError)}

    assert len(texts) == len(leaves(errors.RegistryError))
    assert "Another network" in error_note(RegistryRefusedError()).text
    assert "Wait some minutes" in error_note(RegistryBusyError()).text


def test_no_error_repeats_what_was_typed() -> None:
    error = PlaceAmbiguousError(["Richmond, Virginia, United States"])

    assert error.candidates == ("Richmond, Virginia, United States",)
    assert "Richmond" not in str(error)


# --- origin ----------------------------------------------------------------------------------


def test_fresh_data_say_whose_they_are_and_both_dates() -> None:
    assert origin_words(FRESH) == (
        "Data of ClinicalTrials.gov from 20 Nov 2026. We asked for them on 22 Nov 2026, 12:00 UTC."
    )


def test_data_without_a_date_say_so() -> None:
    assert "did not say how new they are" in origin_words(changed(FRESH, data_timestamp=None))


def test_saved_data_say_from_when() -> None:
    assert origin_words(SAVED).startswith("Saved data of ClinicalTrials.gov from 20 Nov 2026")
    undated = changed(SAVED, data_timestamp=None)
    assert "a time that the registry did not say" in origin_words(undated)


def test_samples_never_name_the_registry_as_their_origin() -> None:
    words = origin_words(changed(FRESH, source=Source.SAMPLE))

    assert "None of them is real" in words
    assert "ClinicalTrials.gov" not in words


def test_times_are_given_in_utc_wherever_they_were_taken() -> None:
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))

    assert origin_words(changed(FRESH, retrieved_at=tokyo)) == origin_words(FRESH)


# --- notes -----------------------------------------------------------------------------------


def test_whole_and_fresh_data_need_no_note() -> None:
    assert notes_on(FRESH, NOW) == ()


def test_samples_need_no_note_on_their_age() -> None:
    assert notes_on(changed(FRESH, source=Source.SAMPLE), NOW + timedelta(days=900)) == ()


def test_saved_data_say_why_and_from_when() -> None:
    assert said(SAVED).startswith("These data are not fresh: ")
    assert "ClinicalTrials.gov is down" in said(SAVED)
    assert "22 Nov 2026, 12:00 UTC" in said(SAVED)
    assert "data from 20 Nov 2026" in said(SAVED)


def test_saved_data_older_than_a_day_say_so() -> None:
    assert "more than one day old" not in said(SAVED, hours=24)
    assert "more than one day old" in said(SAVED, hours=24.1)


def test_an_incomplete_answer_says_how_many_were_announced() -> None:
    short = changed(FRESH, complete=False, expected=1234, count=1200)

    assert said(short).startswith("Some trials may be missing: ")
    assert "1,234" in said(short)
    assert "1,200" in said(short)


def test_an_answer_without_a_total_says_that_nobody_can_tell() -> None:
    unsaid = changed(FRESH, complete=False, expected=None)

    assert "did not say how many" in said(unsaid)
    assert "None" not in said(unsaid)


def test_unreadable_entries_are_counted() -> None:
    assert "3 entries could not be read" in said(changed(FRESH, unreadable=3))


def test_one_unreadable_entry_is_one_entry() -> None:
    assert "1 entries" not in said(changed(FRESH, unreadable=1))


def test_what_is_wrong_with_both_parts_is_said_once() -> None:
    both = changed(
        found(study(), study(numbered(2), overall_status="COMPLETED")),
        source=Source.SAVED,
        problem=RegistryDownError("503"),
    )

    assert len(both.parts) == 2
    assert len(notes_on(both, NOW)) == 1


def test_what_is_wrong_with_one_part_is_said_beside_the_other() -> None:
    both = found(study(), study(numbered(2), overall_status="COMPLETED"))
    parts = dict(both.parts)
    parts[Part.CLOSED] = SAVED.parts[Part.OPEN]

    assert "not fresh" in said(replace(both, parts=parts))


# --- ledger ----------------------------------------------------------------------------------


def test_each_step_has_words_of_its_own() -> None:
    filters = Filters(near=HOUSTON, within_km=160.9344)
    words = [step_words(Step(name, 1234, {}), filters, "mi") for name in StepName]

    assert len(set(words)) == len(StepName)
    assert all(text.startswith("1,234 ") for text in words)
    assert "100 mi" in words[-1]
    assert "160.9 km" in step_words(Step(StepName.DISTANCE, 1, {}), filters, "km")


def test_the_removed_are_counted_over_all_reasons() -> None:
    listing = listed(
        study(numbered(1), sites=[]),
        study(numbered(2), sites=[site(country="France")]),
        study(numbered(3)),
        country="United States",
    )

    assert [left_out(step) for step in listing.ledger] == [2]


def test_who_stands_further_down_is_counted_and_who_stands_first_is_not() -> None:
    readings = {
        numbered(number): reading(relevance=relevance)
        for number, relevance in ((2, Relevance.MAY), (3, Relevance.MAY), (4, Relevance.NO))
    }
    made = [study(numbered(number)) for number in range(1, 5)]

    assert group_words(listed(*made, readings=readings)) == [
        "2 do not tie joining to a TKI that stopped working. They stand further down.",
        "1 was written for other people. It stands further down.",
    ]
    assert group_words(listed(made[0])) == []
