"""The fields of a study record: their names, their values, and records cut down to some of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from .answers import refuse

Study = dict[str, Any]

FieldTree = dict[str, "FieldTree | None"]
"""The fields to keep; None keeps everything below."""

SECTIONS = {
    "protocolSection": (
        "identificationModule statusModule sponsorCollaboratorsModule oversightModule "
        "descriptionModule conditionsModule designModule armsInterventionsModule outcomesModule "
        "eligibilityModule contactsLocationsModule referencesModule ipdSharingStatementModule"
    ),
    "derivedSection": "miscInfoModule conditionBrowseModule interventionBrowseModule",
}
"""Sections of a record and their modules, without results, annotations and documents."""

PIECES = {
    "NCTId": "protocolSection.identificationModule.nctId",
    "BriefTitle": "protocolSection.identificationModule.briefTitle",
    "OfficialTitle": "protocolSection.identificationModule.officialTitle",
    "OverallStatus": "protocolSection.statusModule.overallStatus",
    "BriefSummary": "protocolSection.descriptionModule.briefSummary",
    "DetailedDescription": "protocolSection.descriptionModule.detailedDescription",
    "Condition": "protocolSection.conditionsModule.conditions",
    "Keyword": "protocolSection.conditionsModule.keywords",
    "Phase": "protocolSection.designModule.phases",
    "InterventionName": "protocolSection.armsInterventionsModule.interventions.name",
    "InterventionOtherName": "protocolSection.armsInterventionsModule.interventions.otherNames",
    "EligibilityCriteria": "protocolSection.eligibilityModule.eligibilityCriteria",
    "LocationCity": "protocolSection.contactsLocationsModule.locations.city",
    "ConditionMeshTerm": "derivedSection.conditionBrowseModule.meshes.term",
    "ConditionAncestorTerm": "derivedSection.conditionBrowseModule.ancestors.term",
    "InterventionMeshTerm": "derivedSection.interventionBrowseModule.meshes.term",
    "HasResults": "hasResults",
}
"""The registry's own short names of fields: those that are searched, or asked for by a test."""


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _known_paths() -> Iterator[str]:
    for section, modules in SECTIONS.items():
        yield section
        yield from (f"{section}.{module}" for module in modules.split())
    for path in PIECES.values():
        yield from accumulate(path.split("."), "{}.{}".format)


KNOWN_PATHS = frozenset(_known_paths())


def listed(text: str) -> list[str]:
    """The items of a list parameter: comma or pipe between them."""
    return re.split(r"[,|]", text)


def asked_fields(params: Mapping[str, str]) -> FieldTree | None:
    if "fields" not in params:
        return None
    tree: FieldTree = {}
    for name in listed(params["fields"]):
        path = PIECES.get(name, name)
        if path not in KNOWN_PATHS:
            refuse(f"Parameter 'fields' contains invalid field name: '{name}'")
        _add_path(tree, path.split("."))
    return tree


def _add_path(tree: FieldTree, steps: Sequence[str]) -> None:
    *above, last = steps
    for step in above:
        below = tree.setdefault(step, {})
        if below is None:
            return
        tree = below
    tree[last] = None


def project(node: Any, tree: FieldTree | None) -> Any:
    """Keep the asked fields; lists keep their length, so they may hold empty objects."""
    if tree is None:
        return node
    if isinstance(node, list):
        return [project(item, tree) for item in node]
    if isinstance(node, dict):
        return {key: project(node[key], below) for key, below in tree.items() if key in node}
    return node


def values(node: Any, steps: Sequence[str]) -> Iterator[Any]:
    """Everything found at a path, through lists."""
    if isinstance(node, list):
        for item in node:
            yield from values(item, steps)
    elif not steps:
        yield node
    elif isinstance(node, dict) and steps[0] in node:
        yield from values(node[steps[0]], steps[1:])


def nct_id(study: Study) -> str:
    return str(study["protocolSection"]["identificationModule"]["nctId"])
