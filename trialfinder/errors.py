"""One error tree, named for the reaction each error calls for.

No error here carries what a person typed: messages may end up in a log.
What a person can do about each error stands in ``content/messages.toml`` under ``[errors.<code>]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class TrialfinderError(Exception):
    """Anything that trialfinder itself raises."""

    code: ClassVar[str] = "unknown"


class RegistryError(TrialfinderError):
    """The registry gave no usable answer. Never to be shown as "no trials"."""


class RegistryUnreachableError(RegistryError):
    """No connection, or no answer in time: check the network, use the saved answer."""

    code = "unreachable"


class RegistryRefusedError(RegistryError):
    """403: the registry refuses this computer. Trying again does not help."""

    code = "refused"


class RegistryBusyError(RegistryError):
    """429 for longer than the budget: wait some minutes."""

    code = "busy"


class RegistryDownError(RegistryError):
    """5xx, or a maintenance page instead of data, for longer than the budget: come back later."""

    code = "down"


class QueryRejectedError(RegistryError):
    """400: the registry did not understand our question. A new version is needed."""

    code = "rejected"


class NotFoundError(RegistryError):
    """404: this address does not serve the registry's API."""

    code = "not_found"


class QueryTooLongError(RegistryError):
    """414: our question is longer than the registry takes."""

    code = "too_long"


class AnswerChangedError(RegistryError):
    """The answer is not in the published shape: a new version of trialfinder may be needed."""

    code = "changed"


class PlaceError(TrialfinderError):
    """A place could not be turned into a point on the map."""


class PlaceUnknownError(PlaceError):
    """No such ZIP code or city in the tables: ask for another spelling or a larger city nearby."""

    code = "place_unknown"


class PlaceAmbiguousError(PlaceError):
    """Several places have this name: ask which, never guess.

    ``candidates`` are labels such as "Richmond, Virginia, United States", largest first;
    each resolves to exactly one place.
    """

    code = "place_ambiguous"

    def __init__(self, candidates: Sequence[str]) -> None:
        super().__init__(f"{len(candidates)} places have this name")
        self.candidates = tuple(candidates)


class BadFilterError(TrialfinderError):
    """A filter value that cannot be used, such as a distance without a unit."""

    code = "bad_filter"
