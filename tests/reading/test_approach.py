"""What kind of treatment is tested: not what failed before, nor what only goes with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reading.records import Intervention, joining, read
from trialfinder.vocabulary import Approach

TKI, IMMUNE, CHEMO = Approach.TKI, Approach.IMMUNOTHERAPY, Approach.CHEMOTHERAPY
GRAFT, OTHER, OBSERVING = (
    Approach.TRANSPLANT,
    Approach.OTHER_TARGETED,
    Approach.OBSERVATION_OR_SUPPORT,
)


def drugs(*names: str) -> list[Intervention]:
    return [("DRUG", name) for name in names]


def cells(*names: str) -> list[Intervention]:
    return [("BIOLOGICAL", name) for name in names]


def approaches_of(
    title: str, given: list[Intervention] | None = None, **more: Any
) -> set[Approach]:
    """The approaches that an invented record tests, each of them shown in its own words."""
    reading = read(title, interventions=given or [], **more)
    assert all(reading.quotes(f"approach:{one}") for one in reading.approaches)
    return set(reading.approaches)


# --- one treatment ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approach", "given"),
    [
        *((TKI, drugs(name)) for name in ("nilotinib", "AMN107", "Gleevec", "olverembatinib")),
        *((TKI, drugs(name)) for name in ("asciminib", "TERN-701", "Dasatinib 140 mg tablet")),
        *((IMMUNE, drugs(name)) for name in ("interferon alfa", "peginterferon", "nivolumab")),
        *((IMMUNE, cells(name)) for name in ("peptide vaccine", "CD19 CAR T cells", "NK cells")),
        (IMMUNE, cells("donor lymphocyte infusion")),
        *((CHEMO, drugs(name)) for name in ("omacetaxine", "homoharringtonine", "cytarabine")),
        *((CHEMO, drugs(name)) for name in ("decitabine", "azacitidine", "hydroxyurea")),
        (GRAFT, [("PROCEDURE", "allogeneic stem cell transplantation")]),
        (GRAFT, [("PROCEDURE", "umbilical cord blood transplantation")]),
        *((OTHER, drugs(name)) for name in ("tipifarnib", "ruxolitinib", "venetoclax")),
        *((OTHER, drugs(name)) for name in ("vorinostat", "bortezomib", "everolimus")),
        *((OBSERVING, [("BEHAVIORAL", name)]) for name in ("exercise", "telephone counselling")),
        (OBSERVING, [("OTHER", "quality-of-life assessment")]),
    ],
)
def test_what_an_intervention_is(approach: Approach, given: list[Intervention]) -> None:
    assert approaches_of("A Study in CML", given) == {approach}


@pytest.mark.parametrize(
    ("title", "approach"),
    [
        ("Nilotinib in Patients With CML", TKI),
        ("Interferon Alfa for CML", IMMUNE),
        ("Homoharringtonine for CML", CHEMO),
        ("Cord Blood Transplantation for CML", GRAFT),
        ("Tipifarnib in CML", OTHER),
        ("A Registry of CML", OBSERVING),
    ],
)
def test_a_title_says_it_where_no_intervention_does(title: str, approach: Approach) -> None:
    assert approaches_of(title) == {approach}


@pytest.mark.parametrize(
    ("sentence", "approach"),
    [
        ("Patients with CML get nilotinib.", TKI),
        ("Patients with CML receive a stem cell transplant.", GRAFT),
        ("Patients with CML receive omacetaxine.", CHEMO),
    ],
)
def test_prose_says_it_where_the_title_does_not(sentence: str, approach: Approach) -> None:
    assert approaches_of("A study", summary=sentence) == {approach}
    assert approaches_of("Tipifarnib in CML", drugs("tipifarnib"), summary=sentence) == {OTHER}


# --- names that no list knows ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "approach"),
    [(drugs("Samplinib"), OTHER), (drugs("XYZ-123"), OTHER), (cells("XYZ-123"), IMMUNE)],
)
def test_an_unknown_medicine_is_taken_by_the_registrys_type(
    given: list[Intervention], approach: Approach
) -> None:
    assert approaches_of(f"{given[0][1]} in CML", given) == {approach}


def test_an_unknown_medicine_is_a_tki_where_the_record_says_so() -> None:
    summary = "XYZ-123 is an inhibitor of BCR-ABL."

    assert approaches_of("XYZ-123 in CML", drugs("XYZ-123"), summary=summary) == {TKI}


def test_an_unknown_medicine_beside_a_known_one_leaves_the_known_one() -> None:
    assert TKI in approaches_of("Nilotinib and Samplinib in CML", drugs("nilotinib", "Samplinib"))


# --- several treatments ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "approaches"),
    [
        (drugs("imatinib", "cytarabine"), {TKI, CHEMO}),
        (drugs("imatinib", "interferon alfa"), {TKI, IMMUNE}),
        (drugs("nilotinib", "ruxolitinib"), {TKI, OTHER}),
        (drugs("dasatinib") + cells("vaccine"), {TKI, IMMUNE}),
        (drugs("imatinib", "homoharringtonine", "interferon alfa"), {TKI, CHEMO, IMMUNE}),
        (drugs("decitabine", "tipifarnib"), {CHEMO, OTHER}),
    ],
)
def test_several_treatments_are_all_named(
    given: list[Intervention], approaches: set[Approach]
) -> None:
    assert approaches_of("A Study in CML", given) == approaches


@pytest.mark.parametrize("beside", ["placebo", "allopurinol", "quality-of-life assessment"])
def test_what_only_goes_with_a_treatment_does_not_count(beside: str) -> None:
    assert approaches_of("Nilotinib in CML", drugs("nilotinib", beside)) == {TKI}


def test_laboratory_tests_do_not_count() -> None:
    tests = [("GENETIC", "polymerase chain reaction"), ("OTHER", "pharmacological study")]

    assert approaches_of("Imatinib in CML", drugs("imatinib") + tests) == {TKI}


# --- transplants -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "given"),
    [
        ("Allogeneic Transplantation in CML", drugs("busulfan", "cyclophosphamide")),
        ("Allogeneic Transplantation in CML", drugs("fludarabine", "melphalan", "tacrolimus")),
        ("Conditioning With Treosulfan in CML", drugs("treosulfan", "fludarabine")),
        ("GVHD Prevention After Transplantation in CML", drugs("tacrolimus", "sirolimus")),
        ("Preventing Graft-Versus-Host Disease in CML", drugs("abatacept", "methotrexate")),
    ],
)
def test_conditioning_and_gvhd_prevention_are_part_of_a_transplant(
    title: str, given: list[Intervention]
) -> None:
    assert approaches_of(title, given) == {GRAFT}


def test_drugs_that_prepare_for_a_graft_are_one_where_a_donor_is_asked_for() -> None:
    given = drugs("busulfan", "fludarabine")
    criteria = joining("CML with a matched donor")

    assert approaches_of("Busulfan and Fludarabine for CML", given, criteria=criteria) == {GRAFT}


def test_infused_cells_beside_a_transplant_are_named_too() -> None:
    given: list[Intervention] = [("PROCEDURE", "stem cell transplantation")]

    title = "Transplantation and Donor Lymphocyte Infusion in CML"
    assert approaches_of(title, given + cells("donor lymphocyte infusion")) == {GRAFT, IMMUNE}


def test_drugs_that_make_room_for_infused_cells_are_part_of_them() -> None:
    given = cells("CAR T cells") + drugs("fludarabine", "cyclophosphamide")

    assert approaches_of("CAR T Cells in CML", given) == {IMMUNE}


@pytest.mark.parametrize(
    ("title", "given", "approach"),
    [
        ("Imatinib After Transplantation in CML", drugs("imatinib"), TKI),
        ("Donor Lymphocytes After Transplantation in CML", cells("DLI"), IMMUNE),
    ],
)
def test_a_transplant_that_came_before_is_not_tested(
    title: str, given: list[Intervention], approach: Approach
) -> None:
    assert approaches_of(title, given) == {approach}


def test_a_transplant_that_is_ruled_out_is_not_tested() -> None:
    criteria = joining("CML, not eligible for transplantation", barred=["Prior transplantation"])

    assert approaches_of("Samplinib in CML", drugs("samplinib"), criteria=criteria) == {OTHER}


# --- what failed before ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "given", "approach"),
    [
        ("Interferon After Imatinib Failure in CML", drugs("interferon alfa"), IMMUNE),
        ("Omacetaxine in CML That Failed Imatinib", drugs("omacetaxine"), CHEMO),
        ("Tipifarnib in CML Resistant to Imatinib", drugs("tipifarnib"), OTHER),
        ("Vaccine in Patients With CML Who Failed Nilotinib", cells("vaccine"), IMMUNE),
        (
            "Allogeneic Transplantation in CML Resistant to Dasatinib",
            [("PROCEDURE", "allogeneic transplantation")],
            GRAFT,
        ),
        ("Homoharringtonine for T315I CML After Ponatinib", drugs("homoharringtonine"), CHEMO),
        ("Dasatinib in CML Resistant to Interferon", drugs("dasatinib"), TKI),
        ("Nilotinib in CML That Failed Hydroxyurea", drugs("nilotinib"), TKI),
    ],
)
def test_the_treatment_that_failed_is_not_the_one_tested(
    title: str, given: list[Intervention], approach: Approach
) -> None:
    assert approaches_of(title, given) == {approach}


def test_the_treatment_that_failed_is_not_tested_when_only_the_title_speaks() -> None:
    assert approaches_of("Omacetaxine in Patients With CML Resistant to Imatinib") == {CHEMO}
    assert approaches_of("Tipifarnib for CML After Failure of Imatinib") == {OTHER}


def test_criteria_never_say_what_is_tested() -> None:
    criteria = joining("CML that failed imatinib, interferon and hydroxyurea")

    assert approaches_of("Samplinib in CML", drugs("samplinib"), criteria=criteria) == {OTHER}


# --- observing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "given"),
    [
        ("Quality of Life in CML Patients on Imatinib", drugs("imatinib")),
        ("A Registry of Nilotinib in CML", drugs("nilotinib")),
        ("Side Effects of Dasatinib in CML", drugs("dasatinib")),
    ],
)
def test_an_observational_study_tests_no_treatment(title: str, given: list[Intervention]) -> None:
    assert approaches_of(title, given, study_type="OBSERVATIONAL") == {OBSERVING}
    assert approaches_of("Dasatinib in CML", drugs("dasatinib"), study_type="INTERVENTIONAL") == {
        TKI
    }


@pytest.mark.parametrize(
    ("title", "given"),
    [
        ("Adherence to Imatinib in CML", [("BEHAVIORAL", "telephone counselling")]),
        ("Voriconazole in Leukemia", drugs("voriconazole")),
        ("Vitamins for People With CML", [("DIETARY_SUPPLEMENT", "vitamin tablets")]),
        ("Exercise for People With CML", [("BEHAVIORAL", "exercise")]),
    ],
)
def test_supporting_people_is_no_treatment_of_cml(title: str, given: list[Intervention]) -> None:
    assert approaches_of(title, given) == {OBSERVING}


def test_expanded_access_gives_the_treatment() -> None:
    assert approaches_of("Ponatinib in CML", drugs("ponatinib"), study_type="EXPANDED_ACCESS") == {
        TKI
    }


# --- nothing to say --------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["Venetoclax in AML", "Imatinib in Asthma"])
def test_a_study_without_cml_tests_nothing_for_it(title: str) -> None:
    condition = title.rsplit(maxsplit=1)[-1]

    assert not approaches_of(title, drugs(title.split(maxsplit=1)[0]), conditions=[condition])


def test_approaches_come_in_one_order() -> None:
    one = read("A Study in CML", interventions=drugs("imatinib", "cytarabine"))
    other = read("A Study in CML", interventions=drugs("cytarabine", "imatinib"))

    assert one.approaches == other.approaches == (TKI, CHEMO)
