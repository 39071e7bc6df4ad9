"""One record in, one reading out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from trialfinder.reading import mutations
from trialfinder.reading.approach import approaches
from trialfinder.reading.cml_phase import cml_phases
from trialfinder.reading.current_treatment import current_tki, good_response
from trialfinder.reading.disease import Taking, find_cml
from trialfinder.reading.model import Evidence, Reading, Side, Why
from trialfinder.reading.prior_facts import (
    about_to_start,
    named_for_new,
    prior_drugs,
    prior_transplant,
    smallest_number,
    wash_out,
)
from trialfinder.reading.prior_treatment import Tie, later_lines, naming_tkis, ties
from trialfinder.reading.relevance import Facts, decide
from trialfinder.reading.text import Part, fields, joining, may_name_cml, passages
from trialfinder.vocabulary import Approach, CmlPhase, Relevance, Stance


def read_study(record: Mapping[str, Any]) -> Reading:
    """What ``record`` says to someone whose TKI has stopped working, with the words that say it.

    ``record`` is one study in the registry's JSON. Pure, and never raises: what is missing or of
    the wrong type counts as not said.
    """
    texts = fields(record)
    found = passages(texts) if may_name_cml(texts) else []
    cml = find_cml(found)
    takes = cml.taking in (Taking.TAKES, Taking.PHILADELPHIA_ONLY, Taking.EXCLUDES_IN_PART)
    parts = joining(found)
    barring = [p for p in found if p.side is Side.EXCLUSION]
    phases = dict(cml_phases(parts, barring, cml)) if takes else {}
    tested = dict(approaches(record, parts)) if cml.taking is not Taking.SILENT else {}
    naming = naming_tkis(found) if takes else []
    tied = ties(found, cml) if takes else []
    later = later_lines(naming, cml) if takes else []
    t315i, t315i_evidence = mutations.t315i(found) if takes else (Stance.SILENT, ())
    others, others_evidence = mutations.others(found) if takes else ({}, ())
    drugs, drugs_evidence = prior_drugs(naming, tied) if takes else ({}, ())
    transplant, transplant_evidence = prior_transplant(found, cml) if takes else (Stance.SILENT, ())
    verdict = decide(
        Facts(
            any(one.part not in (Part.TITLE, Part.INTERVENTION) for one in texts),
            found,
            parts,
            cml,
            tied,
            later,
            t315i,
            t315i_evidence,
            frozenset(phases),
            frozenset(tested),
        )
    )
    now = current_tki(naming, cml) if takes else ()
    number = None
    if verdict.relevance is Relevance.YES:
        earlier = [*tied, *later]
        number = smallest_number(found, earlier, cml, transplant=Approach.TRANSPLANT in tested)
    elif verdict.why is Why.ON_TREATMENT and not about_to_start(verdict.evidence):
        number = 1
    elif verdict.relevance is Relevance.MAY and now:
        number = 1  # the TKI that people must be on when they join
    elif (
        verdict.why in _OFTEN_NEW
        and _ADVANCED & set(phases)
        and named_for_new(parts.get(Part.TITLE, ()), cml)
    ):
        number = 0
    return Reading(
        nct_id=_nct_id(record),
        relevance=verdict.relevance,
        why=verdict.why,
        cml_phases=tuple(phases),
        t315i=t315i,
        min_prior_tkis=number,
        approaches=tuple(tested),
        mutations=others,
        prior_drugs=drugs,
        prior_transplant=transplant,
        evidence=(
            *verdict.evidence,
            *phases.values(),
            *t315i_evidence,
            *others_evidence,
            *(_numbered(verdict.evidence, [*tied, *later]) if number else ()),
            *drugs_evidence,
            *(wash_out(naming) if takes else ()),
            *(_responses(tied) if takes else ()),
            *now,
            *(good_response(found, cml) if takes else ()),
            *transplant_evidence,
            *tested.values(),
        ),
    )


_OFTEN_NEW = (Why.ADVANCED_PHASE, Why.TRANSPLANT)
_ADVANCED = {CmlPhase.ACCELERATED, CmlPhase.BLAST}


def _nct_id(record: Mapping[str, Any]) -> str | None:
    node: object = record
    for key in ("protocolSection", "identificationModule", "nctId"):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, str) else None


def _numbered(decided: tuple[Evidence, ...], found: list[Tie]) -> tuple[Evidence, ...]:
    """The words that the number of earlier TKIs was read from."""
    items = [tie.passage.quote("min_prior_tkis", tie.start, tie.end) for tie in found if tie.strong]
    if items:
        return tuple(items[:2])
    return tuple(replace(item, about="min_prior_tkis") for item in decided[:1])


def _responses(found: list[Tie]) -> tuple[Evidence, ...]:
    """How the record words that a TKI fell short."""
    return tuple(tie.passage.quote("response", tie.start, tie.end) for tie in found[:3])
