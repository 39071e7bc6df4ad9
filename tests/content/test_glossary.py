"""The glossary is complete, plain and sourced, and finds its words and no others."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections import Counter
from statistics import median

import pytest

from tests.support.wording import BANNED, KINDS_OF_PHASE
from trialfinder.content.glossary import Entry, glossary, parse_glossary, words_in
from trialfinder.content.reading_grade import grade

LANGUAGES = ["en", "es"]
LAST_REVIEW = datetime.date(2026, 11, 25)
"""Moves with each review round; a date after it is a slip of the pen."""

KEYS = [
    "cml", "bcr_abl1", "philadelphia_chromosome", "ph_positive", "tki", "tyrosine_kinase",
    "chronic_phase", "accelerated_phase", "blast_phase", "blasts", "blast_crisis", "t315i",
    "mutation", "kinase_domain_mutation", "mutation_test", "resistance", "refractory", "relapsed",
    "relapsed_or_refractory", "intolerance", "treatment_failure", "suboptimal_response", "washout",
    "molecular_response", "major_molecular_response", "deep_molecular_response",
    "cytogenetic_response", "complete_cytogenetic_response", "complete_hematologic_response",
    "pcr", "international_scale", "clonal_evolution", "line_of_therapy", "eligibility_criteria",
    "inclusion_criteria", "exclusion_criteria", "randomized", "non_randomized", "placebo",
    "open_label", "double_blind", "cohort", "arm", "dose_escalation", "expanded_access",
    "informed_consent", "performance_status", "creatinine", "qtc", "liver_tests", "uln",
    "neutrophils", "platelets", "gvhd", "allogeneic", "autologous", "donor_lymphocyte_infusion",
    "hla_match", "conditioning", "interferon", "hydroxyurea", "omacetaxine", "allosteric",
    "treatment_free_remission", "newly_diagnosed", "half_life", "cyp3a4", "sponsor", "trial_phase",
]  # fmt: skip

EXPLAINED = {"eligibility_criteria": "eligib", "arm": "arm", "cohort": "cohort"}
"""Words that we use nowhere else: these entries are there to say what they mean."""

OWN_WORDS = {"newly_diagnosed", "line_of_therapy", "uln"}
"""Entries that state nothing about medicine: to add one is a decision."""

PHASE = re.compile(r"(?:(\w+)[\s-]+)?\bphases?\b(\s+\d)?", re.IGNORECASE)
BANNED_IN_SPANISH = {
    "a verdict on joining": r"\belegibles?\b|\bcalifica\b",
    "research language": r"\b(?:sujetos?|brazos?|cohortes?)\b",
    "a score": r"\d\s*(?:%|por ciento\b)",
    "a recommendation": r"\b(?:recomend\w+|debe|debería|tiene que|hable|pregunte)\b",
    "not usted": r"\b(?:tú|tu|tus|te|vos|os|vuestr\w+)\b",
    "an exclamation mark": r"[¡!]",
}

every_entry = pytest.mark.parametrize("entry", glossary(), ids=lambda entry: entry.key)
in_each_language = pytest.mark.parametrize("language", LANGUAGES)
every_entry_in_each_language = pytest.mark.parametrize(
    ("language", "entry"),
    [
        pytest.param(language, entry, id=f"{language}-{entry.key}")
        for language in LANGUAGES
        for entry in glossary(language)
    ],
)


def keys_in(text: str, language: str = "en") -> list[str]:
    return [entry.key for entry in words_in(text, language)]


def by_key(language: str) -> dict[str, Entry]:
    return {entry.key: entry for entry in glossary(language)}


# --- what is there ---------------------------------------------------------------------------


def test_every_word_that_we_explain_is_there() -> None:
    assert sorted(by_key("en")) == sorted(KEYS)


def test_the_languages_have_the_same_entries() -> None:
    english, spanish = by_key("en"), by_key("es")

    assert english.keys() == spanish.keys()
    for key, entry in english.items():
        assert (spanish[key].source, spanish[key].reviewed) == (entry.source, entry.reviewed)
        assert set(entry.forms) <= set(spanish[key].forms), "records are in English"
        assert spanish[key].meaning != entry.meaning


@in_each_language
def test_no_two_entries_have_the_same_term_or_meaning(language: str) -> None:
    entries = glossary(language)

    assert len({entry.term.lower() for entry in entries}) == len(entries)
    assert len({entry.meaning for entry in entries}) == len(entries)


@in_each_language
def test_entries_are_sorted_by_term(language: str) -> None:
    plain = str.maketrans("áéíóúñ:-", "aeioun  ")
    terms = [entry.term.lower().translate(plain) for entry in glossary(language)]

    assert [term.split()[0] for term in terms] == sorted(term.split()[0] for term in terms)


@every_entry_in_each_language
def test_an_entry_has_all_its_parts(language: str, entry: Entry) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", entry.key)
    assert entry.term[0].isupper()
    assert entry.forms
    assert entry.meaning[0].isupper() or entry.meaning[0] in "“0123456789"
    assert entry.meaning.endswith(".")
    assert datetime.date(2026, 1, 1) <= entry.reviewed <= LAST_REVIEW


@every_entry
def test_a_source_says_who_and_when(entry: Entry) -> None:
    if entry.key in OWN_WORDS:
        assert entry.source == "our own words"
    else:
        for source in entry.source.split("; "):
            assert source.count(", ") >= 2, "title, publisher, date"
            assert re.search(r"\b(?:19|20)\d\d$|, no date given$", source)


@in_each_language
def test_a_form_belongs_to_one_entry(language: str) -> None:
    forms = Counter(form for entry in glossary(language) for form in entry.forms)

    assert [form for form, count in forms.items() if count > 1] == []


# --- plain -----------------------------------------------------------------------------------


@every_entry
def test_the_reading_grade_is_eight_or_lower(entry: Entry) -> None:
    assert grade(entry.meaning) <= 8.0


def test_most_entries_are_easier_than_that() -> None:
    assert median(grade(entry.meaning) for entry in glossary()) <= 6.5


@every_entry_in_each_language
def test_a_meaning_is_short(language: str, entry: Entry) -> None:
    sentences = re.split(r"(?<=[.?])\s+(?=[A-ZÁÉÍÓÚ“])", entry.meaning)

    assert len(sentences) <= 3
    assert all(len(sentence.split()) <= 20 for sentence in sentences)


@every_entry
def test_the_words_keep_the_rules(entry: Entry) -> None:
    for fault, pattern in BANNED.items():
        assert not re.search(pattern, entry.meaning, re.IGNORECASE), fault
        found = re.search(pattern, entry.term, re.IGNORECASE)
        assert not found or EXPLAINED[entry.key] in found[0].lower(), fault


@every_entry
def test_phase_always_says_of_what(entry: Entry) -> None:
    for text in (entry.term, entry.meaning):
        for found in PHASE.finditer(text):
            assert (found[1] or "").lower() in KINDS_OF_PHASE, text
            assert not found[2] or found[1].lower() == "trial", text


@pytest.mark.parametrize("entry", glossary("es"), ids=lambda entry: entry.key)
def test_the_spanish_words_keep_the_same_rules(entry: Entry) -> None:
    for fault, pattern in BANNED_IN_SPANISH.items():
        assert not re.search(pattern, entry.meaning, re.IGNORECASE), fault


# --- finding words ---------------------------------------------------------------------------


@every_entry_in_each_language
def test_every_form_finds_its_entry_alone(language: str, entry: Entry) -> None:
    for form in entry.forms:
        assert words_in(f"({form.upper()}),", language) == (entry,), form


@every_entry_in_each_language
def test_an_entry_is_found_by_its_term(language: str, entry: Entry) -> None:
    assert entry in words_in(entry.term, language)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Resistant to >= 2 prior TKIs", ["resistance", "tki"]),
        ("a tyrosine-kinase inhibitor", ["tki"]),
        ("BCR-ABL, BCR::ABL1, BCR/ABL1, bcr abl, BCR – ABL1 and BCRABL1", ["bcr_abl1"]),
        ("BCR-ABL1\\-positive", ["bcr_abl1"]),
        ("Ph+ALL", ["ph_positive"]),
        ("Ph⁺ CML", ["ph_positive", "cml"]),
        ("Philadelphia Chromosome‑Positive", ["ph_positive"]),
        ("Leukemia, Myelogenous, Chronic, BCR-ABL Positive", ["cml", "bcr_abl1"]),
        ("Leukemia, Myeloid, Chronic-Phase", ["chronic_phase"]),
        ("wash-out, wash out, washout, wash\u00a0out, wash\n    out", ["washout"]),
        ("washouts", ["washout"]),
        ("MR4.5, MR4, MR⁴·⁵", ["deep_molecular_response"]),
        ("MMR/MR3", ["major_molecular_response"]),
        ("ALT(SGPT)/AST <= 2.5xULN", ["liver_tests", "uln"]),
        ("creatinine < 1.5 × ULN", ["creatinine", "uln"]),
        ("PHASE2, EARLY_PHASE1", ["trial_phase"]),
        ("a Phase I/II study", ["trial_phase"]),
        ("Arm A; two arms", ["arm"]),
        ("non-inclusion criteria", ["exclusion_criteria"]),
        ("a non-randomised study", ["non_randomized"]),
        ("Graft–Versus–Host Disease", ["gvhd"]),
        ("IFN-α", ["interferon"]),
        ("half-lives", ["half_life"]),
        ("A person's TKI's effect", ["tki"]),
        ("t(9;22)(q34;q11)", ["philadelphia_chromosome"]),
        ("zero\u00adwidth: ran\u00addom\u200bized", ["randomized"]),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, found: list[str]) -> None:
    assert keys_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "mr, mrs and Amr",
        "all patients of all ages with all the papers",
        "harm, alarm, pharmacy, army and swarming",
        "Tulsa, ulna and vulnerable",
        "CMML, aCMLx and CLL",
        "salt, fast, last and asthma",
        "this phase is over; which phase it was",
        "heart failure, renal failure and graft failure",
        "Ph-negative",
        "mr3x, xmmr and mmr2",
        "randomizer",
        "TKIx, aTKI and TKI2",
        "pcrs2 and hplc",
        "what it is",
        "plateletpheresis",
    ],
)
def test_parts_of_other_words_are_not_found(text: str) -> None:
    assert keys_in(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("blast phase", ["blast_phase"]),
        ("blast phase with blasts", ["blast_phase", "blasts"]),
        ("accelerated/blast phase", ["blast_phase"]),
        ("chronic phase 2 study", ["chronic_phase"]),
        ("CML-CP", ["chronic_phase"]),
        ("BCR-ABL kinase domain mutations", ["kinase_domain_mutation"]),
        ("a mutation test for a mutation", ["mutation_test", "mutation"]),
        ("BCR-ABL mutation analysis", ["mutation_test"]),
        ("T315I mutation", ["t315i", "mutation"]),
        ("BCR-ABL myristoyl pocket", ["allosteric"]),
        ("prior line of TKI treatment failure", ["treatment_failure"]),
        ("blast phase I/II", ["blast_phase"]),
        ("complete cytogenetic response", ["complete_cytogenetic_response"]),
        ("major molecular response", ["major_molecular_response"]),
        ("R/R CML", ["relapsed_or_refractory", "cml"]),
        ("relapsed/refractory", ["relapsed", "refractory"]),
        ("Philadelphia chromosome", ["philadelphia_chromosome"]),
        ("donor lymphocyte infusion", ["donor_lymphocyte_infusion"]),
    ],
)
def test_the_longest_form_is_found_where_forms_overlap(text: str, found: list[str]) -> None:
    assert keys_in(text) == found


def test_words_come_in_the_order_of_the_text_and_each_once() -> None:
    text = "Placebo first, then a TKI, the T315I mutation, another TKI and placebo again."

    assert keys_in(text) == ["placebo", "tki", "t315i", "mutation"]
    assert keys_in("Mutation T315I in CML") == ["mutation", "t315i", "cml"]


def test_a_record_of_several_lines_is_read_through() -> None:
    text = """Inclusion Criteria:

    * Ph+ CML in chronic phase, resistant or intolerant to imatinib
    * ECOG 0-2; QTcF < 470 ms; upper limit
      of normal for bilirubin
    """

    assert keys_in(text) == [
        "inclusion_criteria", "ph_positive", "cml", "chronic_phase", "resistance", "intolerance",
        "performance_status", "qtc", "uln", "liver_tests",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LMC en fase crónica", ["cml", "chronic_phase"]),
        ("FASE CRÓNICA, fase cronica, fase cro\u0301nica", ["chronic_phase"]),
        ("inhibidores de la tirosina quinasa", ["tki"]),
        ("mutaciones", ["mutation"]),
        ("Chronic phase CML, phase 2", ["chronic_phase", "cml", "trial_phase"]),
        ("no aleatorizado", ["non_randomized"]),
        ("El abrazo y el embrazo de todos", []),
        ("interstitial lung disease (ILD); he ran", []),
    ],
)
def test_spanish_and_english_words_are_found_in_spanish(text: str, found: list[str]) -> None:
    assert keys_in(text, "es") == found


def test_the_spanish_entries_speak_spanish() -> None:
    (entry,) = words_in("randomized", "es")

    assert entry.term == "Aleatorizado"
    assert entry is by_key("es")["randomized"]


LONG = 1_000_000


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "-",
        "\n",
        "s",
        "blast ",
        "blast-",
        "blasts blast",
        "bcr",
        "bcr ",
        "bcr-bcr/",
        "upper limit of the normal rang ",
        "complete cytogenetic ",
        "prior lines of tki ",
        "philadelphia chromosome (ph) ",
        "ph+",
        "t(9;22)",
        "1x",
        "phase i/",
        "e\u0301\u0323",
        "\u200b\\",
        "\u0130",
    ],
)
def test_a_text_made_to_be_slow_is_read(piece: str) -> None:
    text = piece * (LONG // len(piece)) + " omacetaxine"

    assert keys_in(text)[-1] == "omacetaxine"


# --- reading the files -----------------------------------------------------------------------

SAMPLE = """\
[first_word]
term = "First"
forms = ["first", "1st"]
meaning = "What comes before all others."
source = "our own words"
reviewed = 2026-11-25

[second_word]
term = "A second"
forms = ["second"]
meaning = "What comes next."
source = "A book, Someone, 2025"
reviewed = 2026-11-24
"""


def test_an_entry_carries_what_its_table_says() -> None:
    second, first = parse_glossary("sample.toml", SAMPLE)

    assert first == Entry(
        key="first_word",
        term="First",
        forms=("first", "1st"),
        meaning="What comes before all others.",
        source="our own words",
        reviewed=LAST_REVIEW,
    )
    assert second.term == "A second"
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.term = "Last"  # type: ignore[misc]  # frozen: that is the test


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ('term = "First"', "term = ", "not TOML"),
        ("[first_word]", "[First]", "key 'First'"),
        ("[first_word]", '["first word"]', "key 'first word'"),
        ("[first_word]", "[[first_word]]", "first_word is not a table"),
        ('source = "our own words"\n', "", "first_word lacks source"),
        ("reviewed = 2026-11-25", "reviewed = 2026-11-25\nby = 'x'", "first_word has unknown by"),
        ("2026-11-25", '"2026-11-25"', "reviewed of first_word is not a date"),
        ("2026-11-25", "2026-11-25T08:00:00", "reviewed of first_word is not a date"),
        ('term = "First"', 'term = " "', "term of first_word is not one line"),
        ('"What comes next."', '"What\\ncomes."', "meaning of second_word is not one line"),
        ('["second"]', "[]", "forms of second_word is not a list"),
        ('["second"]', '"second"', "forms of second_word is not a list"),
        ('["second"]', "[2]", "a form of second_word is not one line"),
        ('["second"]', '["Second"]', "form 'Second' of second_word has capitals"),
        ('["second"]', '["(second"]', "form '(second' of second_word"),
        ('["second"]', '["second", "second"]', "second_word has the form 'second' twice"),
        ('["second"]', '["first"]', "first_word and second_word both have the form 'first'"),
    ],
)
def test_a_bad_file_is_named_with_its_problem(good: str, bad: str, problem: str) -> None:
    assert good in SAMPLE
    with pytest.raises(ValueError, match=rf"^sample\.toml: .*{re.escape(problem)}"):
        parse_glossary("sample.toml", SAMPLE.replace(good, bad, 1))


def test_forms_that_are_alike_belong_to_one_entry() -> None:
    with pytest.raises(ValueError, match=r"both have the form 'bcr/abl'"):
        parse_glossary(
            "sample.toml",
            SAMPLE.replace('"1st"', '"bcr::abl1"').replace('["second"]', '["bcr/abl"]'),
        )


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^sample\.toml: no entries"):
        parse_glossary("sample.toml", "# nothing\n")


def test_the_glossary_is_read_once() -> None:
    assert glossary() is glossary()
    assert glossary("es") is glossary("es")


@pytest.mark.parametrize("language", ["xx", "..", "", "en/about", "EN"])
def test_an_unknown_language_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="no glossary in language"):
        glossary(language)
    with pytest.raises(ValueError, match="no glossary in language"):
        words_in("CML", language)
