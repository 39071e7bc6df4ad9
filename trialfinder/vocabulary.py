"""The registry's enumerations, in its own spelling (OpenAPI file 2.0.5), and what we call open.

Values that the registry adds later are kept as plain text by the parser; these enumerations name
those we know and have words for.
"""

from __future__ import annotations

from enum import StrEnum


class OverallStatus(StrEnum):
    """A study's overall status; the first four mean that people can or soon can join."""

    RECRUITING = "RECRUITING"
    NOT_YET_RECRUITING = "NOT_YET_RECRUITING"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION"
    AVAILABLE = "AVAILABLE"
    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING"
    SUSPENDED = "SUSPENDED"
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE"
    UNKNOWN = "UNKNOWN"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"
    WITHDRAWN = "WITHDRAWN"
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE"
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING"
    WITHHELD = "WITHHELD"


OPEN_STATUSES = (
    OverallStatus.RECRUITING,
    OverallStatus.NOT_YET_RECRUITING,
    OverallStatus.ENROLLING_BY_INVITATION,
    OverallStatus.AVAILABLE,
)
"""Open now, by invitation, or not yet but soon. AVAILABLE is the open state of expanded access."""

CLOSED_STATUSES = tuple(status for status in OverallStatus if status not in OPEN_STATUSES)


class TrialPhase(StrEnum):
    """How far testing of a treatment has come. Not the phase of the disease."""

    EARLY_PHASE1 = "EARLY_PHASE1"
    PHASE1 = "PHASE1"
    PHASE2 = "PHASE2"
    PHASE3 = "PHASE3"
    PHASE4 = "PHASE4"
    NA = "NA"


class StudyType(StrEnum):
    """What kind of study a record describes."""

    INTERVENTIONAL = "INTERVENTIONAL"
    EXPANDED_ACCESS = "EXPANDED_ACCESS"
    OBSERVATIONAL = "OBSERVATIONAL"


class Sex(StrEnum):
    """Which sexes a study takes."""

    ALL = "ALL"
    FEMALE = "FEMALE"
    MALE = "MALE"


class FoundBy(StrEnum):
    """Which of the two ways in brought a study.

    CONDITION: the registry's condition search knows it as a CML study.
    ELIGIBILITY: only its eligibility criteria name CML: it may take or exclude people with CML.
    """

    CONDITION = "condition"
    ELIGIBILITY = "eligibility"


class Part(StrEnum):
    """The two halves of the one CML query, by overall status."""

    OPEN = "open"
    CLOSED = "closed"


class Relevance(StrEnum):
    """What a record says to someone whose TKI has not worked or was not tolerated.

    YES: it ties joining to that. MAY: it does not shut such a person out, nor does it name them.
    NO: it was made for others (newly diagnosed, in deep remission, healthy, without CML).
    """

    YES = "yes"
    MAY = "may"
    NO = "no"


class CmlPhase(StrEnum):
    """How far the disease has gone. Not the phase of a trial."""

    CHRONIC = "chronic"
    ACCELERATED = "accelerated"
    BLAST = "blast"


class Approach(StrEnum):
    """What kind of treatment a study tests; a study may test several."""

    TKI = "tki"
    IMMUNOTHERAPY = "immunotherapy"
    CHEMOTHERAPY = "chemotherapy"
    TRANSPLANT = "transplant"
    OTHER_TARGETED = "other_targeted"
    OBSERVATION_OR_SUPPORT = "observation_or_support"


class Stance(StrEnum):
    """What a record says of a mutation or an earlier treatment in those who join."""

    REQUIRED = "required"
    ACCEPTED = "accepted"
    EXCLUDED = "excluded"
    SILENT = "silent"
