"""Cost grows with the length of a record and no faster, whatever its text.

Anyone can write into the registry, and one record must not hold up all the others. The cost of
each text is measured at two lengths: eight times as long may cost eight times as much, with ample
room for chance. Only time that the process itself spends counts, so that a busy machine does not
matter much; a doubtful result is measured again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from tests.reading.records import joining, record
from trialfinder.reading import read_study

SHORT, LONG = 1_500, 12_000
"""In characters, for each of the six places of a record that the text is put in."""
ROOM = 3.0
"""How much more a character of the long text may cost than one of the short text."""
HARDLY_ANYTHING = 0.02
"""In seconds: below it a cost says nothing of how it grows."""
TRIES = 3

_NEW = count()


def filled(text: str, length: int) -> str:
    """``text`` again and again up to ``length``; never twice the same, so that nothing is kept."""
    return f"{(text * (length // len(text) + 1))[:length]} {next(_NEW)}"


def everywhere(text: str, length: int) -> dict[str, Any]:
    """A record of CML that has ``text`` in all that is read of it."""
    long = filled(text, length)
    return record(
        f"CML {long}",
        summary=f"Patients with CML {long}",
        description=f"This study treats CML {long}",
        criteria=joining(f"Adults with CML {long}", barred=[long]),
        interventions=[("DRUG", long)],
        arms=[("CML", long)],
    )


def cost(whole: dict[str, Any]) -> float:
    """The processor time, in seconds, of reading ``whole``."""
    start = time.process_time()
    read_study(whole)
    return time.process_time() - start


def grows_evenly(text: str, short: int = SHORT, long: int = LONG) -> bool:
    """Whether a long text costs no more by the character than a short one."""
    for _ in range(TRIES):
        much = cost(everywhere(text, long))
        little = max(cost(everywhere(text, short)), HARDLY_ANYTHING * short / long)
        by_character = (much / long) / (little / short)
        if much < HARDLY_ANYTHING or by_character <= ROOM:
            return True
        if by_character > 2 * ROOM:
            return False  # no chance makes so much of a difference
    return False


SIGNS = ["(", ")", ">", "<", "-", "*", "#", ".", ",", ":", ";", "/", "+", "\\", "\\*", '"']
BLANKS = [" ", "\n", "\t", "\r", "\u00a0", "\u2028", " \n", "\n ", "\r\n", "\x0b", "\x00"]
LETTERS = [". ", "; ", "- ", ": ", "1. ", "1.1.", "a. ", "A. ", "ii) ", "\U0001f600"]
DENIALS = ["no ", "not ", "not the the the ", "without ", "neither nor ", "never ever ", "unless "]
HEADINGS = [
    "inclusion criteria:",
    "inclusion criteria:\n",
    "inclusion criteria: exclusion criteria: ",
    "Inclusion Criteria:\n* CML\nExclusion Criteria:\n* CML\n",
    "exclusion criteria for a\n",
    "not meeting the inclusion criteria ",
    "eligible: ",
    "cannot join:\n",
]
LISTS = [
    "* a\n",
    "- imatinib\n",
    "a:\n",
    "resistant to:\n",
    "resistant to:\n* imatinib\n",
    "".join(" " * depth + "* resistant to:\n" for depth in range(60)),
    "".join(" " * depth + "- imatinib\n" for depth in range(60, 0, -1)),
    "patients with CML resistant to imatinib and with more words to fill the line\n",
]
DISEASES = [
    "cml ",
    "cml,",
    "cml or aml ",
    "chronic ",
    "chronic or ",
    "chronic phase ",
    "accelerated phase ",
    "blast crisis of ",
    "cp/ap/bp ",
    "chronic myeloid ",
    "leukemia, myeloid, ",
    "atypical cml ",
    "ph-negative cml ",
    "acute lymphoblastic ",
    "philadelphia ",
    "bcr-abl ",
    "ph+ all ",
]
TREATMENTS = [
    "imatinib ",
    "tki ",
    "tyrosine kinase ",
    "second generation ",
    "imatinib or dasatinib and ",
    "interferon ",
    "transplant ",
    "donor ",
    "prior stem cell transplant ",
    "vaccine plus ",
    "chemotherapy and ",
]
FAILURES = [
    "failed ; imatinib ;",
    "resistant to imatinib ",
    "imatinib failure ",
    "failure ",
    "failure " + "x " * 60,
    "imatinib " + "x " * 60,
    "no resistance to ",
    "loss of ",
    "loss of mmr on imatinib ",
    "lack of a ",
    "has not achieved a ",
    "no major molecular response ",
    "failed to achieve a ",
    "relapsed after ",
    "progressed while on ",
    "less than ",
    "persistent residual ",
    "grade 3 toxicity due to ",
    "intolerant of imatinib or dasatinib ",
    "bcr-abl above 1% ",
]
EARLIER = [
    "at least ",
    "at least two ",
    "one or more ",
    "two of ",
    "> 1 ",
    "prior ",
    "previously treated with ",
    "after prior treatment with ",
    "within 2 weeks of imatinib ",
    "at least 14 days since ",
    "6 months of imatinib ",
    "received ",
]
OTHERS = [
    "newly ",
    "diagnosed within 3 months ",
    "first-line ",
    "stop ",
    "discontinuation of ",
    "reduction of the dose of ",
    "complete ",
    "achieved a stable ",
    "treatment-free ",
    "healthy ",
    "stored samples ",
    "participated in the previous ",
    "long-term follow-up of ",
    "currently receiving ",
    "t315i ",
    "no t315i mutation ",
    "v299l mutation or ",
    "patients with ",
    "to evaluate ",
    "comparison of ",
    "some of the many ",
    "however although ",
    "excluding ",
    "other than ",
    "in the absence of ",
    "a_ ",
    "aa-",
    "1 ",
]
SENTENCES = [
    "Patients with CML resistant to imatinib are eligible. ",
    "Some patients fail imatinib. ",
    "No. ",
    "Aa. ",
    "a Not failed ",
]
TEXTS = [
    *SIGNS, *BLANKS, *LETTERS, *DENIALS, *HEADINGS, *LISTS, *DISEASES, *TREATMENTS, *FAILURES,
    *EARLIER, *OTHERS, *SENTENCES,
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:40]))
def test_a_text_again_and_again_costs_by_its_length(text: str) -> None:
    assert grows_evenly(text)


# --- many parts ------------------------------------------------------------------------------

Parts = Callable[[int], dict[str, Any]]

MANY: dict[str, Parts] = {
    "conditions": lambda n: {"conditions": ["CML resistant to imatinib"] * n},
    "other conditions": lambda n: {"conditions": ["CML", *["AML"] * n]},
    "keywords": lambda n: {"keywords": ["imatinib failure"] * n},
    "interventions": lambda n: {"interventions": [("DRUG", "imatinib")] * n},
    "new medicines": lambda n: {"interventions": [("DRUG", f"X-{k}") for k in range(n)]},
    "arms": lambda n: {"arms": [("CML after imatinib failure", "imatinib")] * n},
    "medicines in a title": lambda n: {
        "title": "CML " + "imatinib " * n,
        "interventions": [("DRUG", f"{'x ' * n} imatinib")],
    },
    "items under one line": lambda n: {"criteria": "* Resistant to:\n" + "  * imatinib\n" * n},
    "lists in turn": lambda n: {"criteria": "* resistant:\n1. imatinib:\n" * n},
    "two kinds of item": lambda n: {"criteria": "* CML\n1. imatinib\n" * n},
    "sections": lambda n: {"criteria": "Inclusion Criteria:\nExclusion Criteria:\n" * n},
    "sentences": lambda n: {"criteria": "Patients with CML failed imatinib. " * n},
    "ever deeper": lambda n: {
        "criteria": "".join(f"{' ' * k}* resistant to:\n" for k in range(int(2 * n**0.5)))
    },
}


@pytest.mark.parametrize("parts", MANY)
def test_many_parts_cost_by_their_number(parts: str) -> None:
    few, many = 100, 800

    def one(number: int) -> dict[str, Any]:
        return record(**{"title": f"CML {next(_NEW)}", **MANY[parts](number)})

    for _ in range(TRIES):
        much, little = cost(one(many)), max(cost(one(few)), HARDLY_ANYTHING / ROOM)
        if much / many <= ROOM * little / few:
            return
    pytest.fail(f"{many} cost {much:.3f} s, {few} cost {little:.3f} s")


# --- a megabyte ------------------------------------------------------------------------------

QUARTER, WHOLE = 250_000, 1_000_000
PATIENCE = 120
"""In seconds: a megabyte takes one or two; far more is a fault and no slow machine."""


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("title", "cml "),
        ("title", " "),
        ("summary", "chronic phase "),
        ("summary", "Adults who can come. "),
        ("criteria", ">"),
        ("criteria", "\n"),
        ("criteria", "* a\n"),
    ],
)
def test_a_megabyte_is_read_in_the_time_of_four_quarters(place: str, text: str) -> None:
    def one(length: int) -> dict[str, Any]:
        texts: dict[str, Any] = {"title": "CML", place: f"CML {filled(text, length)}"}
        return record(**texts)

    for _ in range(TRIES):
        much, little = cost(one(WHOLE)), cost(one(QUARTER))
        assert much < PATIENCE
        if much / WHOLE <= ROOM * max(little, HARDLY_ANYTHING) / QUARTER:
            return
    pytest.fail(f"a megabyte took {much:.2f} s, a quarter {little:.2f} s")
