"""What opens in place: every text and every site of a record, under headings that fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.ui.reading import Alone, search_near, words
from trialfinder.finding.search import find
from trialfinder.registry.parse import Intervention, PartialDate, Study
from trialfinder.vocabulary import FoundBy, Part

SILENT = "the record does not say: ask"

Show = Callable[[Study], AppTest]


@pytest.fixture
def show(unopened: AppTest, alone: Alone) -> Show:
    """The page with one study alone, its details opened."""

    def with_only(study: Study) -> AppTest:
        unopened.session_state[f"details_{study.nct_id}"] = True
        return alone(study)

    return with_only


def test_who_can_and_who_cannot_join_stand_under_their_own_headings(show: Show) -> None:
    shown = parts(show(sample("NCT99000002")))
    names = list(shown)
    assert names.index("Who can join") + 1 == names.index("Who cannot join")
    (can,), (cannot,) = shown["Who can join"], shown["Who cannot join"]
    assert can.startswith("Key inclusion criteria\n* Age >= 18 years\n")
    assert can.endswith("(<= 5 x ULN if due to leukemia)")
    assert cannot.startswith("Key exclusion criteria\n* Blast phase, now or in the past\n")
    assert cannot.endswith("(ponatinib, asciminib, olverembatinib)")


def test_exclusion_criteria_that_come_first_keep_their_heading(show: Show) -> None:
    criteria = "Exclusion Criteria:\n\n* Pregnant\n\nInclusion Criteria:\n\n* Adult"
    shown = parts(show(builders.study(eligibility_criteria=criteria)))
    assert shown["Who cannot join"] == ["* Pregnant"]
    assert shown["Who can join"] == ["* Adult"]


def test_a_heading_that_says_no_more_than_ours_is_left_out(show: Show) -> None:
    shown = parts(show(sample("NCT99000004")))
    assert shown["Who can join"][0].startswith("* Chronic phase CML")


def test_undivided_criteria_are_shown_whole(show: Show) -> None:
    study = sample("NCT99000054")
    shown = parts(show(study))
    told, text = shown["Who can join, and who cannot"]
    assert told.startswith("The record does not part its rules")
    assert text == study.eligibility_criteria
    assert text.endswith("The doctor decides about patients with heart disease.")
    assert "Who can join" not in shown
    assert "Who cannot join" not in shown


def test_a_record_without_criteria_says_so(show: Show) -> None:
    shown = parts(show(sample("NCT99000050")))
    assert shown["Who can join, and who cannot"] == ["The record does not say who can join: ask."]


def test_every_site_has_its_own_status_and_contact(show: Show) -> None:
    shown = parts(show(sample("NCT99000002")))["All sites"]
    assert shown == [
        (
            "Contact for the whole study: Tarrant Ridge Clinical Operations, "
            "+1-800-555-0113 ext. 4, clinops@tarrantridge.example.com"
        ),
        "**Open sites (4)**",
        (
            "• Gulf Coast Leukemia Institute, Houston, Texas, United States · Recruiting\n"
            "   Contact: Priya Venkataraghavan, RN, 713-555-0118, t315i@example.org\n"
            "• Peachtree Blood Disorders Clinic, Atlanta, Georgia, United States · Recruiting\n"
            "   Contact: Intake Office, 404-555-0131\n"
            "• Golden Gate Leukemia Program, San Francisco, California, United States"
            " · Recruiting\n"
            "• Centro de Hematología del Valle, Mexico City, Mexico City, Mexico · Recruiting\n"
            "   Contact: Dra. Ximena Larrañaga Ortiz, +52 55 555-0119, ximena@example.org"
        ),
        "**Sites that are not open (1)**",
        "• Puget Crest Blood Research, Seattle, Washington, United States · Not open yet",
    ]


def test_no_site_of_a_large_study_is_left_out(show: Show) -> None:
    study = sample("NCT99000001")
    listed = "\n".join(parts(show(study))["All sites"])
    assert listed.count("• ") == len(study.sites) == 72
    assert all(site.facility in listed for site in study.sites if site.facility)


def test_the_sites_after_the_first_are_counted_and_opened_on_demand(show: Show) -> None:
    page = show(sample("NCT99000001"))
    boxes = [box for box in page.expander if "more site" in box.label]
    beyond = {box.label: sum(text.value.count("• ") for text in box.text) for box in boxes}
    assert beyond
    assert all(label.split(" ")[0] == str(count) for label, count in beyond.items())
    assert not any(box.proto.expanded for box in boxes)


def test_a_site_without_a_status_of_its_own_is_said(show: Show) -> None:
    listed = parts(show(sample("NCT99000029")))["All sites"]
    assert listed[1] == "**Open sites (7)**"
    assert listed[2].count(" · no status of its own") == 7


def test_sites_of_a_closed_study_are_never_called_open(show: Show) -> None:
    listed = parts(show(sample("NCT99000046")))["All sites"]
    assert listed[1] == "**Sites (3)**"
    assert not [words for words in listed if "Open sites" in words]


def test_sites_stand_nearest_first_when_a_place_is_given(show: Show) -> None:
    page = show(sample("NCT99000004"))
    search_near(page, "Phoenix, AZ")
    _, _, open_ones, _, others = parts(page)["All sites"]
    assert cities(open_ones) == ["Salt Lake City", "Denver"]
    assert cities(others) == ["Phoenix", "Austin", "Houston", "Houston"]
    assert (
        "Phoenix, Arizona, United States · Running, but takes no new people · less than 1 mi"
        in (others)
    )


def test_sites_without_a_point_on_the_map_stand_last(show: Show) -> None:
    sites = (
        builders.unplaced(city="Nowhere"),
        builders.site(50, city="Far"),
        builders.site(5, city="Near"),
    )
    page = show(builders.study(sites=sites))
    assert cities(parts(page)["All sites"][2]) == ["Nowhere", "Far", "Near"]
    search_near(page, "Houston, TX")
    listed = parts(page)["All sites"][2]
    assert cities(listed) == ["Near", "Far", "Nowhere"]
    assert [line.split(" · ")[2] for line in listed.split("\n")] == [
        "about 3 mi",
        "about 31 mi",
        "distance not known",
    ]


def test_a_record_without_sites_says_whom_to_ask(show: Show) -> None:
    assert parts(show(sample("NCT99000031")))["All sites"] == [
        (
            "Contact for the whole study: The record names no contact: "
            "ask your doctor, or use the official record."
        ),
        "The record lists no site. Ask the contact of the study.",
    ]


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"allocation": "RANDOMIZED"}, "Chance decides who gets which treatment: yes"),
        ({"allocation": "NON_RANDOMIZED"}, "Chance decides who gets which treatment: no"),
        ({"allocation": "NA"}, "Chance decides who gets which treatment: no"),
        (
            {"masking": "DOUBLE", "who_masked": ("PARTICIPANT", "INVESTIGATOR")},
            "People are not told which treatment they get: yes",
        ),
        ({"masking": "NONE"}, "People are not told which treatment they get: no"),
        ({"healthy_volunteers": True}, "Takes healthy volunteers: yes"),
        ({"healthy_volunteers": False}, "Takes healthy volunteers: no"),
        (
            {
                "interventions": (
                    Intervention("A", ("Aa", "A-1")),
                    Intervention("B", ()),
                )
            },
            "Also known as: Aa / A-1",
        ),
        (
            {"interventions": (Intervention("A", ("Aa",)), Intervention("B", ()))},
            "What is tested or given: A / B",
        ),
    ],
)
def test_a_fact_of_the_record(show: Show, given: dict[str, object], fact: str) -> None:
    (facts,) = parts(show(builders.study(**given)))["More from the record"]
    assert fact in facts.split("\n")


def test_the_other_facts_of_the_record(show: Show) -> None:
    study = builders.study(
        official_title="A Long Title",
        conditions=("CML", "Ph+ ALL"),
        collaborators=("One", "Other"),
        why_stopped="No money",
        last_known_status="RECRUITING",
        start_date=PartialDate(2025, 3),
        completion_date=PartialDate(2029),
        status_verified=PartialDate(2026, 10),
        enrollment=1200,
        expanded_access_id="NCT99000033",
    )
    (facts,) = parts(show(study))["More from the record"]
    assert facts.split("\n") == [
        "Run by: Sponsor (sample)",
        "Full title: A Long Title",
        "What is tested or given: Samplinib",
        "Conditions the study names: CML; Ph+ ALL",
        "How it was found: CML is among its conditions, title or keywords",
        "Together with: One; Other",
        "Why it stopped: No money",
        "Last known status: Recruiting",
        "Start: Mar 2025",
        "Planned or actual end: 2029",
        "Checked by the study team: Oct 2026",
        "Number of people: 1,200",
        "Expanded access study: NCT99000033",
    ]


def test_a_study_that_names_cml_only_in_its_rules_is_said(show: Show) -> None:
    (facts,) = parts(show(builders.study(found_by=FoundBy.ELIGIBILITY)))["More from the record"]
    assert "How it was found: Only its rules on who can join name CML." in facts


def test_a_record_that_does_not_say_who_runs_it(show: Show) -> None:
    (facts,) = parts(show(builders.study(sponsor=None)))["More from the record"]
    assert "Run by: the record does not say: ask" in facts.split("\n")


def test_nobody_enrolled_is_a_number_too(show: Show) -> None:
    (facts,) = parts(show(builders.study(enrollment=0)))["More from the record"]
    assert "Number of people: 0" in facts.split("\n")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"allocation": "NEW_WORD", "masking": "SINGLE", "who_masked": ("OUTCOMES_ASSESSOR",)},
    ],
)
def test_what_the_record_does_not_settle_is_not_called_yes_or_no(
    show: Show, given: dict[str, object]
) -> None:
    (facts,) = parts(show(builders.study(**given)))["More from the record"]
    assert not [line for line in facts.split("\n") if line.endswith((": yes", ": no"))]
    assert "Also known as" not in facts


def test_summary_and_long_description(show: Show) -> None:
    study = sample("NCT99000003")
    page = show(study)
    assert parts(page)["What the study is about"] == [study.brief_summary]
    (box,) = (e for e in page.expander if e.label == "The long description")
    assert [text.value for text in box.text] == [study.detailed_description]
    assert not box.proto.expanded


def test_a_record_that_says_nothing_still_opens(show: Show) -> None:
    page = show(builders.silent_study())
    assert parts(page)["What the study is about"] == [SILENT]
    assert "The long description" not in [box.label for box in page.expander]


def test_details_of_samples_say_that_they_are_samples(page: AppTest) -> None:
    def marks() -> int:
        return sum(c.value.startswith("SAMPLE: not a real trial.") for c in page.caption)

    before = marks()
    page.session_state["details_NCT99000001"] = True
    page.run()
    assert marks() == before + 1


def sample(nct_id: str) -> Study:
    return find(*Part, sample=True).by_id[nct_id]


def parts(page: AppTest) -> dict[str, list[str]]:
    """The opened details: under each of their headings what follows it, in the page's order."""
    (box,) = (box for box in page.expander if box.label.startswith("Details of "))
    found: dict[str, list[str]] = {}
    heading = ""
    for element in box:
        if not isinstance(getattr(element, "value", None), str):
            continue  # a box within the box
        if element.value.startswith("#### "):
            heading = element.value.removeprefix("#### ")
            assert heading not in found
        found.setdefault(heading, [])
        if not element.value.startswith("#### "):
            found[heading].append(element.value)
    return found


def cities(listed: str) -> list[str]:
    return [line.split(", ")[1] for line in listed.split("\n") if line.startswith("• ")]


def test_the_grade_of_the_registry_text_is_said_where_there_is_enough_of_it(show: Show) -> None:
    hard = "Allosteric inhibition demonstrates considerable therapeutic potential. " * 10
    assert "read like a text for US school grade" in words(show(builders.study(brief_summary=hard)))


def test_of_a_few_words_no_grade_is_said(show: Show) -> None:
    assert "school grade" not in words(show(builders.study(brief_summary="Short.")))


def test_what_is_approved_already_is_said_with_its_source(show: Show) -> None:
    tested = builders.study(interventions=(Intervention("Ponatinib 15 mg", ()),))
    told = words(show(tested))
    assert "Already approved for CML: ponatinib." in told
    assert "ponatinib: US: " in told
    assert "Source: " in told
