"""What is read out of one record, and the words that it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trialfinder.vocabulary import Approach, CmlPhase, Relevance, Stance


class Why(StrEnum):
    """The rule that decided a relevance: what the quoted words show."""

    TKI_FAILURE = "tki_failure"
    RESISTANCE_MUTATION = "resistance_mutation"
    LATER_LINE = "later_line"
    RESISTANCE_UNNAMED = "resistance_unnamed"
    ADVANCED_PHASE = "advanced_phase"
    TRANSPLANT = "transplant"
    SEVERAL_DISEASES = "several_diseases"
    ON_TREATMENT = "on_treatment"
    ANY_LINE = "any_line"
    RULED_OUT_IN_PART = "ruled_out_in_part"
    NOT_SAID = "not_said"
    NEWLY_DIAGNOSED = "newly_diagnosed"
    STOPPING = "stopping"
    ROLL_OVER = "roll_over"
    HEALTHY = "healthy"
    DONORS = "donors"
    LABORATORY = "laboratory"
    CML_EXCLUDED = "cml_excluded"
    CML_BACKGROUND = "cml_background"
    NO_CML = "no_cml"


class Side(StrEnum):
    """Where in the eligibility criteria words stand; OTHER is anywhere else."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the record. ``record[field][start:end] == quote``, letter for letter.

    ``field`` is the path in the registry's JSON, such as
    ``protocolSection.descriptionModule.briefSummary``. ``about`` names what they show:
    "relevance", "t315i", "min_prior_tkis", "wash_out", "response", "current_tki" (must be taken
    when joining), "good_response" (must have been reached), "prior_transplant", or a kind and a
    value such as "cml_phase:blast", "approach:tki", "mutation:V299L", "drug:imatinib".
    ``more_before``, ``more_after``: the sentence or criterion goes on there.
    """

    about: str
    field: str
    start: int
    end: int
    quote: str
    side: Side = Side.OTHER
    more_before: bool = False
    more_after: bool = False

    @property
    def in_prose(self) -> bool:
        """Whether the words stand in the summary or the description."""
        return ".descriptionModule." in self.field

    def as_dict(self) -> dict[str, Any]:
        """The evidence as `trialfinder read` writes it."""
        return {
            "about": self.about,
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "side": self.side.value,
            "more_before": self.more_before,
            "more_after": self.more_after,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """What one record says to someone whose TKI has stopped working.

    An empty tuple, None or `Stance.SILENT` means that the record does not say.
    ``min_prior_tkis`` is the smallest number of earlier TKIs that lets anybody in (0: newly
    diagnosed). ``mutations``, ``prior_drugs`` name mutations and TKIs other than T315I with the
    record's stance. Each fact has at least one `Evidence`.
    """

    nct_id: str | None
    relevance: Relevance
    why: Why
    cml_phases: tuple[CmlPhase, ...]
    t315i: Stance
    min_prior_tkis: int | None
    approaches: tuple[Approach, ...]
    mutations: dict[str, Stance]
    prior_drugs: dict[str, Stance]
    prior_transplant: Stance
    evidence: tuple[Evidence, ...]

    def quotes(self, about: str) -> tuple[Evidence, ...]:
        """The evidence for one fact, in the order of weight."""
        return tuple(item for item in self.evidence if item.about == about)

    def as_dict(self) -> dict[str, Any]:
        """The reading as `trialfinder read` writes it: one JSON object."""
        return {
            "nct_id": self.nct_id,
            "relevance": self.relevance.value,
            "why": self.why.value,
            "cml_phases": [phase.value for phase in self.cml_phases],
            "t315i": self.t315i.value,
            "min_prior_tkis": self.min_prior_tkis,
            "approaches": [approach.value for approach in self.approaches],
            "mutations": {name: stance.value for name, stance in self.mutations.items()},
            "prior_drugs": {name: stance.value for name, stance in self.prior_drugs.items()},
            "prior_transplant": self.prior_transplant.value,
            "evidence": [item.as_dict() for item in self.evidence],
        }
