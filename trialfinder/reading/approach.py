"""What kind of treatment a study tests.

Its interventions say so, and the part of the title that stands before the people: "X and Y in
patients with CML resistant to Z" tests X and Y. Prose is read only where neither says anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from trialfinder.reading.disease import first_cml
from trialfinder.reading.drugs import NEW_TKI, PREPARING, SUPPORTING, TREATMENTS, tkis
from trialfinder.reading.model import Evidence
from trialfinder.reading.observing import (
    A_TKI,
    AGAINST_INFECTION,
    INFECTION,
    OBSERVING,
    ONLY_OBSERVING,
    UNDER_TKI,
    WATCHING,
)
from trialfinder.reading.patterns import Words, pattern
from trialfinder.reading.text import Joining, Part, Passage, among
from trialfinder.vocabulary import Approach

_OBSERVATION = Approach.OBSERVATION_OR_SUPPORT
_WORDS = {approach: pattern(*words) for approach, words in TREATMENTS.items()}
_SUPPORTING = pattern(*SUPPORTING)
_PREPARING = pattern(*PREPARING)
_LABORATORY = pattern(
    r"biomarker", r"\bassays?\b", r"cytometry", r"blotting", r"analys[ie]s", r"hybridi[sz]ation",
    r"pharmacolog", r"spectrometry", r"polymerase", r"immuno(?:enzyme|histo|logical tech)",
    r"\bbiops", r"microarray", r"chromatograph", r"staining", r"sequencing", r"mutation",
    r"best available", r"\btrough", r"genotyp",
)  # fmt: skip
_PEOPLE = pattern(
    r" (?:in|for|among) (?:the )?(?:treat\w+ (?:of )?)?"
    r"(?:(?!in |for |of |with )[\w+/-]+ ){0,4}?(?:patients?|subjects?"
    r"|adults?|children|participants|people|individuals|persons|cml|chronic|philadelphia|ph ?\+"
    r"|recipients|adolescents)\b",
    r" (?:for|in) (?:the )?(?:treatment of|treating|relapsed?|refractory|recurrent|persistent"
    r"|residual|resistant|minimal|post-?transplant|h[ae]+matologic)",
    r"\b(?:after|following|post) (?:\w+ ){0,3}(?:failure|resistance|transplant|allograft|allogeneic"
    r"|hsct|hct|stem|marrow|prior|bone|ucb|umbilical|cord)",
)
_UNDERGOING = pattern(
    r"(?:undergo\w+|underw\w+|receiv\w+|recipients? of|survivors? of|\bafter|who have had)\b",
    r"(?:transplant\w*|hsct|hct) (?:candidates?|recipients?|survivors?)",
)
_CELLS = pattern(
    r"(?<!non-)(?<!non )(?:donor|delayed|prophylactic|t[- ]?cell|t-lymphocyte|lymphocyte"
    r"|leukocyte|\bnk|natural killer|white blood cell|treg\w*|regulatory)[^.;]{0,30}"
    r"(?:infusion|add-?back|infused)",
    r"\bdlis?\b",
    r"killer cells?\b",
    r"vaccin",
    r"interferon",
    r"interleukin-2",
    r"cytotoxic t",
    r"mylotarg",
    r"gemtuzumab",
    r"biological therapy",
    r"immunotherap",
    r"\btregs?\b",
    r"gamma[- ]?delta t",
    r"regulatory[- ]t\b",
    r"immune therapy",
    r"white blood cell",
)
_INFUSED = Words(
    ("infusion", "dli", "lymphocyte add", "lymphocyte inf"),
    r"donor (?:lymphocyte|leukocyte|t[- ]cell|white (?:blood )?cell)s? infusion",
    r"\bdlis?\b",
    r"lymphocyte (?:add|infus)",
)
_NOT_GIVEN = pattern(
    r"reported", r"\bfuture\b", r"(?:rate|use|need)s? (?:of|for) (?:donor|dli)",
    r"(?:upon|on|at|for|with) (?:\w+ )?(?:relapse|rising)", r"\ballowed\b", r"guidelines",
    r"turns positive", r"modified dli", r"(?:not|no longer|never) respon\w+ to",
    r"non-?t-?[- ]?cell",
)  # fmt: skip
"""Immune cells that are spoken of beside a transplant, and no part of what is tested."""
_GRAFT_OFFERED = pattern(
    r"(?:available|identical|related|unrelated|matched|compatible|sibling|suitable|family|marrow"
    r"|hla\S*) (?:\w+ ){0,2}donors?\b",
    r"undergo\w+ (?:\w+ ){0,3}(?:transplant|bmt|hsct)",
    r"conditioning regimen",
)
_DONATED = pattern(r"\bdonors?\b", r"\bhla\b")

_IMMUNE_CELLS = pattern(
    r"chimeric", r"car[- ]?t\b", r"\bt[- ]cells?\b", r"\bnk\b", r"natural killer", r"lymphocytes"
)

_Found = dict[Approach, Evidence]


@dataclass(frozen=True, slots=True)
class _Given:
    """What the interventions are: known treatments, the first unknown medicine, support.

    ``prepares``: all cytotoxic drugs among them are such as prepare for a transplant.
    """

    found: _Found
    unknown: tuple[Approach, Evidence] | None
    support: Evidence | None
    prepares: bool


def approaches(record: Mapping[str, Any], passages: Joining) -> Iterator[tuple[Approach, Evidence]]:
    """The approaches that the study tests, each with the words that show it.

    ``passages`` are those of ``record``. Nothing when the record does not say.
    """
    titles = passages.get(Part.TITLE, ())
    found = _found(record, passages, titles)
    yield from ((approach, found[approach]) for approach in Approach if approach in found)


def _found(record: Mapping[str, Any], passages: Joining, titles: Sequence[Passage]) -> _Found:
    tested = _of_titles(titles)
    observed = next((e for p in titles if (e := _mention(p, _OBSERVATION, OBSERVING))), None)
    if _study_type(record) == "OBSERVATIONAL":
        graft = tested.get(Approach.TRANSPLANT)
        if graft and not observed and "transplant" in graft.quote.lower():
            return {Approach.TRANSPLANT: graft}
        return {**_as_observation(observed, titles, passages), **_watched(tested, titles)}
    interventions = passages.get(Part.INTERVENTION, ())
    named = [p for p in interventions if not p.field.path.endswith(".description")]
    given = _of_interventions(record, named)
    if given.unknown and (tki := _as_tki(given.unknown[1], passages)):
        given = replace(given, found={**given.found, Approach.TKI: tki}, unknown=None)
    if given.found and Approach.TKI not in given.found and _added_to_tki(titles):
        tested.pop(Approach.TKI, None)
    under_way = any(_UNDERGOING.search(p.text) for p in titles)
    taken = given.support and any(UNDER_TKI.search(p.text) for p in titles)
    background = {
        Approach.OTHER_TARGETED,
        *((Approach.TRANSPLANT,) if under_way else ()),
        *((Approach.TKI,) if taken else ()),
    }
    treats = given.found or given.unknown or set(tested) - background
    if given.support and not treats:
        return {_OBSERVATION: given.support}
    if observed and _only_observes(titles, given, tested):
        return {_OBSERVATION: observed}
    found = {**tested, **given.found}
    if not found and not given.unknown:
        found = _of_prose(passages)
    found = _weighed(found, given, named, titles, passages)
    if found and (support := _beside_treatment(found, given, titles)):
        found[_OBSERVATION] = support
    if observed and _watched(found, titles):
        found[_OBSERVATION] = observed
    return found or _as_observation(observed, titles, passages)


_ADDED_TO_TKI = pattern(rf"\b(?:added|adding|add-on|addition)\b[^.;]{{0,30}} to\b{A_TKI}")


def _added_to_tki(titles: Sequence[Passage]) -> bool:
    """Whether a title adds a medicine to the TKI that people take already."""
    return any(_ADDED_TO_TKI.search(p.text) for p in titles)


def _watched(found: _Found, titles: Sequence[Passage]) -> _Found:
    """The TKI whose effect in everyday care is watched."""
    watches = any(WATCHING.search(p.text) for p in titles)
    return {Approach.TKI: found[Approach.TKI]} if watches and Approach.TKI in found else {}


def _beside_treatment(found: _Found, given: _Given, titles: Sequence[Passage]) -> Evidence | None:
    """Support that is tested together with a treatment: a protective drug, an immune defence."""
    if given.support and _in_title(given.support, titles):
        return given.support
    if Approach.IMMUNOTHERAPY not in found:
        return None
    return next((e for p in titles if (e := _mention(p, _OBSERVATION, INFECTION))), None)


def _only_observes(titles: Sequence[Passage], given: _Given, tested: _Found) -> bool:
    """Whether a title that speaks of observing or supporting leaves no treatment to test."""
    only = any(ONLY_OBSERVING.search(p.text) for p in titles)
    treats = set(given.found) - {Approach.TRANSPLANT}
    if treats == {Approach.CHEMOTHERAPY} and given.support and given.prepares:
        treats.clear()
    if treats or (Approach.TRANSPLANT in given.found and not given.support and not only):
        return False
    return only or not set(tested) - {Approach.TRANSPLANT}


def _weighed(
    found: _Found,
    given: _Given,
    named: Sequence[Passage],
    titles: Sequence[Passage],
    passages: Joining,
) -> _Found:
    """``found`` without drugs that only prepare for cells or a graft, with what no list knows."""
    found = dict(found)
    if _makes_room_for_cells(found, named, titles):
        del found[Approach.CHEMOTHERAPY]
    prepares = Approach.TRANSPLANT not in found and _prepares_only(found, named, titles)
    if prepares and (graft := _first(passages, _GRAFT_PARTS, Approach.TRANSPLANT, _GRAFT_OFFERED)):
        found[Approach.TRANSPLANT] = graft
    if Approach.TRANSPLANT in found:
        return _beside_transplant(found, titles, passages)
    compared = Approach.TKI in found and any(_COMPARED.search(p.text) for p in titles)
    another = (
        not compared and len(named) > 1 and given.unknown and _in_title(given.unknown[1], titles)
    )
    if given.unknown and titles and (another or not found):
        approach, evidence = given.unknown
        grafts = any(_WORDS[Approach.TRANSPLANT].search(p.text) for p in titles)
        found.setdefault(Approach.TRANSPLANT if grafts and not found else approach, evidence)
    return found


_COMPARED = pattern(r"\b(?:versus|vs|compared)\b")
"""In a title: what is compared with a TKI is one."""


def _mention(
    passage: Passage, approach: Approach, words: re.Pattern[str] | Words
) -> Evidence | None:
    match = words.search(passage.text)
    return passage.quote(f"approach:{approach.value}", *match.span()) if match else None


def _treatments(passage: Passage, end: int | None = None) -> _Found:
    """The treatments that ``passage`` names before ``end``."""
    text = passage.text
    spans = _treatment_spans(text, len(text) if end is None else end)
    return {a: passage.quote(f"approach:{a.value}", *span) for a, span in spans.items()}


@lru_cache(maxsize=1024)
def _treatment_spans(text: str, end: int) -> Mapping[Approach, tuple[int, int]]:
    """Remembered: the same medicines come again and again."""
    found = {}
    named = [span for span in tkis(text) if span[0] < end]
    if named:
        found[Approach.TKI] = named[0]
    for approach, words in _WORDS.items():
        if match := words.search(text, 0, end):
            found[approach] = match.span()
    return found


@lru_cache(maxsize=1024)
def _is_laboratory(text: str) -> bool:
    return bool(_LABORATORY.search(text))


def _of_titles(titles: Sequence[Passage]) -> _Found:
    found: _Found = {}
    for passage in titles:
        people = _PEOPLE.search(passage.text)
        end = people.start() if people else len(passage.text)
        named = _treatments(passage, end)
        if Approach.TRANSPLANT in named and _UNDERGOING.search(passage.text, 0, end):
            del named[Approach.TRANSPLANT]
        if Approach.IMMUNOTHERAPY in named and AGAINST_INFECTION.search(passage.text):
            del named[Approach.IMMUNOTHERAPY]
        found = {**named, **found}
    return found


def _of_interventions(record: Mapping[str, Any], named: Sequence[Passage]) -> _Given:
    """What the interventions are, laboratory tests and drugs that only prepare left out."""
    by_number: dict[int, list[Passage]] = {}
    for passage in named:
        number = int(passage.field.path.split("[", 1)[1].split("]", 1)[0])
        if not _is_laboratory(passage.text):
            by_number.setdefault(number, []).append(passage)
    kinds = _kinds(record)
    found: _Found = {}
    unknown: tuple[Approach, Evidence] | None = None
    support: Evidence | None = None
    for number, names in by_number.items():
        supports = next((e for p in names if (e := _mention(p, _OBSERVATION, _SUPPORTING))), None)
        if supports:
            support = support or supports
            continue
        treatments = [_treatments(passage) for passage in names]
        for one in treatments:
            found = {**one, **found}
        if unknown or any(treatments) or any(_PREPARING.search(p.text) for p in names):
            continue
        if approach := _UNKNOWN.get(kinds.get(number, "")):
            unknown = approach, names[0].quote(f"approach:{approach.value}")
    cytotoxic = _cytotoxic(named) if Approach.CHEMOTHERAPY in found else []
    return _Given(found, unknown, support, all(map(_PREPARING.match, cytotoxic)))


_TELLING_PARTS = (Part.TITLE, Part.SUMMARY, Part.INTERVENTION, Part.DESCRIPTION)
"""Where a record says what kind of medicine it tests."""
_UNKNOWN = {"DRUG": Approach.OTHER_TARGETED, "BIOLOGICAL": Approach.IMMUNOTHERAPY}
"""What a medicine that no list knows is taken for, by the registry's intervention type."""


def _as_tki(evidence: Evidence, passages: Joining) -> Evidence | None:
    """A medicine that no list knows is a TKI by its name's ending, or where the record says so."""
    about = f"approach:{Approach.TKI.value}"
    if not any(first_cml(p.text) for p in among((Part.TITLE, Part.CONDITION), passages)):
        return None
    if NEW_TKI.search(evidence.quote.lower()):
        return replace(evidence, about=about)
    for title in passages.get(Part.TITLE, ()):
        if "t315i" in title.text:
            return title.quote(about)  # what is tested against it is a TKI
    name = evidence.quote.lower().split(" ")[0]
    if not any(map(str.isdigit, name)):
        return None  # no research code, and so no name to look for
    for passage in among(_TELLING_PARTS, passages):
        named = passage.text.find(name)
        if named >= 0 and (match := _IS_INHIBITOR.search(passage.text, named, named + _SAID_NEAR)):
            return passage.quote(about, *match.span())
    return None


_SAID_NEAR = 120
"""In characters: where a record says of a medicine that it is an inhibitor."""
_IS_INHIBITOR = pattern(
    r"(?:bcr[-/: ]*abl1?|abl1?|tyrosine) ?-?(?:kinase )?(?:inhibitor|degrader)",
    r"(?:inhibitor|degrader) of (?:the )?(?:bcr|abl)",
    r"\bbinds? [^.;]{0,40}\babl",
    r"(?:inhibitor|degrader) (?:that|which|directed|targeting|acting|binding) [^.;]{0,50}\b"
    r"(?:bcr|abl)",
)


def _in_title(evidence: Evidence, titles: Sequence[Passage]) -> bool:
    name = evidence.quote.lower().split(" ")[0]
    return any(name in p.text for p in titles)


def _of_prose(passages: Joining) -> _Found:
    for parts in ((Part.SUMMARY, Part.ARM), (Part.DESCRIPTION,)):
        found: _Found = {}
        for passage in among(parts, passages):
            found = {**_treatments(passage), **found}
        if found:
            return found
    donated = _first(passages, (Part.CRITERIA,), Approach.TRANSPLANT, _DONATED)
    return {Approach.TRANSPLANT: donated} if donated else {}


def _cytotoxic(passages: Sequence[Passage]) -> list[str]:
    words = _WORDS[Approach.CHEMOTHERAPY]
    return [match[0] for passage in passages for match in words.finditer(passage.text)]


def _makes_room_for_cells(
    found: _Found, named: Sequence[Passage], titles: Sequence[Passage]
) -> bool:
    """Whether the cytotoxic drugs only make room for infused immune cells."""
    if not {Approach.CHEMOTHERAPY, Approach.IMMUNOTHERAPY} <= set(found) or _cytotoxic(titles):
        return False
    cells = any(_IMMUNE_CELLS.search(p.text) for p in (*named, *titles))
    return cells and all(map(_PREPARING.match, _cytotoxic(named)))


def _prepares_only(found: _Found, named: Sequence[Passage], titles: Sequence[Passage]) -> bool:
    """Whether all cytotoxic drugs are such as prepare for a transplant, and no cells are given."""
    if set(found) != {Approach.CHEMOTHERAPY}:
        return False
    drugs = _cytotoxic((*named, *titles))
    if not drugs:
        return False
    cells = any(_CELLS.search(p.text) for p in (*named, *titles))
    return not cells and all(map(_PREPARING.match, drugs))


_GRAFT_PARTS = (Part.TITLE, Part.SUMMARY, Part.CRITERIA)
"""Where a donor or a conditioning regimen is read, when interventions leave the transplant out."""


def _first(
    passages: Joining,
    parts: tuple[Part, ...],
    approach: Approach,
    words: re.Pattern[str] | Words,
) -> Evidence | None:
    """The first mention in ``parts``."""
    mentions = (_mention(passage, approach, words) for passage in among(parts, passages))
    return next(filter(None, mentions), None)


def _beside_transplant(found: _Found, titles: Sequence[Passage], passages: Joining) -> _Found:
    """Drugs that prepare for a transplant are part of it; infused immune cells are not."""
    kept = dict(found)
    if all(map(_PREPARING.match, _cytotoxic(titles))):
        kept.pop(Approach.CHEMOTHERAPY, None)
    kept.pop(Approach.IMMUNOTHERAPY, None)
    for part in (part for part in passages if part is not Part.CRITERIA):
        words = _CELLS if part in (Part.TITLE, Part.INTERVENTION) else _INFUSED
        for passage in passages[part]:
            evidence = _mention(passage, Approach.IMMUNOTHERAPY, words)
            if evidence and not _NOT_GIVEN.search(passage.text):
                return {**kept, Approach.IMMUNOTHERAPY: evidence}
    return kept


def _as_observation(
    observed: Evidence | None, titles: Sequence[Passage], passages: Joining
) -> _Found:
    """A study that names no treatment observes; its title says so, or its summary."""
    if observed:
        return {_OBSERVATION: observed}
    if evidence := _first(passages, (Part.SUMMARY,), _OBSERVATION, OBSERVING):
        return {_OBSERVATION: evidence}
    about = f"approach:{_OBSERVATION.value}"
    return {_OBSERVATION: titles[0].quote(about)} if titles else {}


def _module(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    protocol = record.get("protocolSection")
    module = protocol.get(name) if isinstance(protocol, Mapping) else None
    return module if isinstance(module, Mapping) else {}


def _kinds(record: Mapping[str, Any]) -> dict[int, str]:
    """The registry's type of each intervention, by its number."""
    listed = _module(record, "armsInterventionsModule").get("interventions")
    return {
        number: str(item.get("type"))
        for number, item in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(item, Mapping)
    }


def _study_type(record: Mapping[str, Any]) -> object:
    return _module(record, "designModule").get("studyType")
