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
