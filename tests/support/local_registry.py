"""A strict registry on this computer: study records served as the ClinicalTrials.gov API v2 would.

    with LocalRegistry(records) as registry:
        registry.fault(Fault.HTTP_429)
        requests.get(f"{registry.url}/studies", params={"query.cond": "CML"}, timeout=5)

By hand, from the top of the source tree:

    python -m tests.support.local_registry --port 8765 --copies 20

It refuses whatever the real service refuses, and now and then a little more, so that a question
that passes here has a good chance there. It is not the real search engine: it knows a small part
of the query language, and synonyms of chronic myeloid leukemia only. What the real service
understands but this one does not is answered with 501, never silently ignored.

Stricter than the real service, on purpose: a page token used with other parameters is refused (the
real one answers with other studies); empty values are refused; operators and ``AREA[...]`` count
as words of a query.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import gzip
import itertools
import json
import re
import socket
import struct
import sys
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import Message
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2s
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Self
from urllib.parse import parse_qsl, urlsplit

Study = dict[str, Any]
Matcher = Callable[[Study], bool]

BASE = "/api/v2"
DEFAULT_FOLDER = Path(__file__).parents[2] / "fixtures" / "studies"
DEFAULT_TIMESTAMP = "2026-11-20T09:00:05"
DEFAULT_PAGE_SIZE = 10
MAX_PAGE_SIZE = 1000
MAX_URL_LENGTH = 7000
MAX_QUERY_WORDS = 12
MAX_FILTER_WORDS = 40
MAX_PARENTHESES = 50
HUGE_FIELD_LENGTH = 5_000_000
ALWAYS = sys.maxsize
"""For ``LocalRegistry.fault(..., times=ALWAYS)``."""


# --------------------------------------------------------------------------------------------
# Answers


@dataclass(frozen=True)
class Answer:
    """One HTTP answer before it is compressed or spoilt on its way."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """Anything that ends in an answer other than 200."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


def plain(status: int, text: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", text.encode(), headers or {})


def html(status: int, title: str) -> Answer:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(status, "text/html", page.encode())


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def refuse(text: str, status: int = 400) -> NoReturn:
    raise RefusalError(plain(status, text))


def not_modelled(what: str) -> NoReturn:
    refuse(f"The real registry knows {what}, this local one does not", 501)


# --------------------------------------------------------------------------------------------
# The fields of a study record (OpenAPI file 2.0.5), what a field holds in brackets

STUDY_FIELDS = """
protocolSection(
  identificationModule(nctId nctIdAliases orgStudyIdInfo(id type link)
    secondaryIdInfos(id type domain link) briefTitle officialTitle acronym
    organization(fullName class))
  statusModule(statusVerifiedDate overallStatus lastKnownStatus delayedPosting whyStopped
    expandedAccessInfo(hasExpandedAccess nctId statusForNctId) startDateStruct(date type)
    primaryCompletionDateStruct(date type) completionDateStruct(date type)
    studyFirstSubmitDate studyFirstSubmitQcDate studyFirstPostDateStruct(date type)
    resultsWaived resultsFirstSubmitDate resultsFirstSubmitQcDate
    resultsFirstPostDateStruct(date type) dispFirstSubmitDate dispFirstSubmitQcDate
    dispFirstPostDateStruct(date type) lastUpdateSubmitDate lastUpdatePostDateStruct(date type))
  sponsorCollaboratorsModule(
    responsibleParty(type investigatorFullName investigatorTitle investigatorAffiliation
      oldNameTitle oldOrganization)
    leadSponsor(name class) collaborators(name class))
  oversightModule(oversightHasDmc isFdaRegulatedDrug isFdaRegulatedDevice isUnapprovedDevice
    isPpsd isUsExport fdaaa801Violation)
  descriptionModule(briefSummary detailedDescription)
  conditionsModule(conditions keywords)
  designModule(studyType nPtrsToThisExpAccNctId
    expandedAccessTypes(individual intermediate treatment) patientRegistry targetDuration phases
    designInfo(allocation interventionModel interventionModelDescription primaryPurpose
      observationalModel timePerspective maskingInfo(masking maskingDescription whoMasked))
    bioSpec(retention description) enrollmentInfo(count type))
  armsInterventionsModule(armGroups(label type description interventionNames)
    interventions(type name description armGroupLabels otherNames))
  outcomesModule(primaryOutcomes(measure description timeFrame)
    secondaryOutcomes(measure description timeFrame) otherOutcomes(measure description timeFrame))
  eligibilityModule(eligibilityCriteria healthyVolunteers sex genderBased genderDescription
    minimumAge maximumAge stdAges studyPopulation samplingMethod)
  contactsLocationsModule(centralContacts(name role phone phoneExt email)
    overallOfficials(name affiliation role)
    locations(facility status city state zip country contacts(name role phone phoneExt email)
      geoPoint(lat lon)))
  referencesModule(references(pmid type citation retractions(pmid source))
    seeAlsoLinks(label url) availIpds(id type url comment))
  ipdSharingStatementModule(ipdSharing description infoTypes timeFrame accessCriteria url))
resultsSection(participantFlowModule baselineCharacteristicsModule outcomeMeasuresModule
  adverseEventsModule moreInfoModule)
annotationSection(annotationModule)
documentSection(largeDocumentModule)
derivedSection(miscInfoModule(versionHolder removedCountries submissionTracking)
  conditionBrowseModule(meshes(id term) ancestors(id term)
    browseLeaves(id name asFound relevance) browseBranches(abbrev name))
  interventionBrowseModule(meshes(id term) ancestors(id term)
    browseLeaves(id name asFound relevance) browseBranches(abbrev name)))
hasResults
"""

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
    "ConditionMeshTerm": "derivedSection.conditionBrowseModule.meshes.term",
    "ConditionAncestorTerm": "derivedSection.conditionBrowseModule.ancestors.term",
    "InterventionMeshTerm": "derivedSection.interventionBrowseModule.meshes.term",
    "HasResults": "hasResults",
}
"""The registry's own short names of fields, those that are searched here or that tests ask for."""


def paths(fields: str) -> Iterator[str]:
    """Every path in a table of fields: ``a b(c d)`` -> a, b, b.c, b.d."""
    above, last = [""], ""
    for item in re.findall(r"\w+|[()]", fields):
        if item == "(":
            above.append(f"{last}.")
        elif item == ")":
            above.pop()
        else:
            last = above[-1] + item
            yield last


KNOWN_PATHS = frozenset(paths(STUDY_FIELDS))

FieldTree = dict[str, "FieldTree | None"]
"""The fields to keep; None keeps everything below."""


def field_tree(fields: str) -> FieldTree:
    tree: FieldTree = {}
    for name in listed(fields):
        path = PIECES.get(name, name)
        if path not in KNOWN_PATHS:
            refuse(f"Parameter 'fields' contains invalid field name: '{name}'")
        add_path(tree, path.split("."))
    return tree


def add_path(tree: FieldTree, steps: Sequence[str]) -> None:
    *above, last = steps
    for step in above:
        below = tree.setdefault(step, {})
        if below is None:
            return
        tree = below
    tree[last] = None


def project(study: Study, tree: FieldTree | None) -> Study:
    """Keep the asked fields; lists keep their length, so they may hold empty objects."""

    def keep(node: Any, tree: FieldTree | None) -> Any:
        if tree is None:
            return node
        if isinstance(node, list):
            return [keep(item, tree) for item in node]
        if isinstance(node, dict):
            return {key: keep(node[key], below) for key, below in tree.items() if key in node}
        return node

    return study if tree is None else {**keep(study, tree)}


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


# --------------------------------------------------------------------------------------------
# The query language

OVERALL_STATUSES = names(
    "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING "
    "SUSPENDED TERMINATED WITHDRAWN AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE "
    "APPROVED_FOR_MARKETING WITHHELD UNKNOWN"
)
ENUM_AREAS = {
    "OverallStatus": OVERALL_STATUSES,
    "Phase": names("NA EARLY_PHASE1 PHASE1 PHASE2 PHASE3 PHASE4"),
}
CONDITION_SEARCH = names(
    "Condition BriefTitle OfficialTitle ConditionMeshTerm ConditionAncestorTerm Keyword NCTId"
)
BASIC_SEARCH = CONDITION_SEARCH | names(
    "BriefSummary DetailedDescription InterventionName InterventionOtherName InterventionMeshTerm"
)
"""Where ``query.term`` looks (some of it); eligibility criteria are not among them."""
AREAS = {
    "ConditionSearch": CONDITION_SEARCH,
    **{name: names(name) for name in ("EligibilityCriteria", "OverallStatus", "Phase", "NCTId")},
}

CML_SYNONYMS = (
    "leukemia myelogenous chronic bcr abl positive",
    "chronic myelogenous leukemia",
    "chronic myelocytic leukemia",
    "chronic granulocytic leukemia",
    "chronic myeloid leukemia",
    "cml",
)
_ANY_CML = re.compile(rf"(?<= )(?:{'|'.join(CML_SYNONYMS)})(?= )")

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<phrase>"[^"]*")
      | AREA\[(?P<area>\w*)\]
      | (?P<foreign>(?:RANGE|SEARCH|DISTANCE|COVERAGE|EXPANSION|TILT)\[
                  | (?:ALL|MISSING)(?![^\s(),"]))
      | (?P<operator>(?:AND|OR|NOT)(?![^\s(),"])|[(),])
      | (?P<word>[^\s()\[\]",]+)
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    kind: str
    text: str


END_OF_AND = (Token("operator", "OR"), Token("operator", ")"))


class Forms(NamedTuple):
    """A text as words between blanks: once as written, once with every name of CML as ``cml``."""

    written: str
    renamed: str


@lru_cache(maxsize=50_000)
def forms(text: str) -> Forms:
    words = re.findall(r"\w+", text.casefold().replace("leukaemia", "leukemia"))
    written = f" {' '.join(words)} "
    return Forms(written, _ANY_CML.sub("cml", written))


def text_matcher(pieces: Iterable[str], wanted: str, *, adjacent: bool) -> Matcher:
    """Whole words, side by side in one text, or (for words without quotes) anywhere in the area."""
    paths = [PIECES[piece].split(".") for piece in pieces]
    needles = forms(wanted)

    def matches(study: Study) -> bool:
        texts = [forms(str(value)) for path in paths for value in values(study, path)]
        for way, needle in enumerate(needles):
            if any(needle in text[way] for text in texts):
                return True
            words = [f" {word} " for word in needle.split()]
            if not adjacent and all(any(word in text[way] for text in texts) for word in words):
                return True
        return False

    return matches


class QueryParser:
    """One query, from its text to a test of a study.

    ``label`` is what the registry calls the place of the query in its error messages.
    """

    def __init__(self, text: str, pieces: frozenset[str], label: str, max_words: int) -> None:
        self._label = label
        if query_words(text) > max_words or text.count("(") > MAX_PARENTHESES:
            self._fail("Too complicated query")
        self._tokens = list(self._tokenize(text))
        self._pieces = pieces

    def parse(self) -> Matcher:
        matcher = self._either(self._pieces)
        if self._tokens:
            self._fail(f"unexpected `{self._tokens[0].text}`")
        return matcher

    def _fail(self, why: str) -> NoReturn:
        refuse(f"Error parsing query in {self._label}: {why}")

    def _tokenize(self, text: str) -> Iterator[Token]:
        text = text.rstrip()
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                self._fail(f"unexpected `{text[position:].strip()[0]}`")
            kind = str(match.lastgroup)
            if kind == "foreign":
                not_modelled(f"the operator {match[kind].rstrip('[')}")
            yield Token(kind, match[kind])
            position = match.end()

    def _accept(self, *operators: str) -> bool:
        found = bool(self._tokens) and self._tokens[0] in [Token("operator", o) for o in operators]
        if found:
            self._tokens.pop(0)
        return found

    def _either(self, pieces: frozenset[str]) -> Matcher:
        parts = [self._both(pieces)]
        while self._accept("OR"):
            parts.append(self._both(pieces))
        return lambda study: any(part(study) for part in parts)

    def _both(self, pieces: frozenset[str]) -> Matcher:
        parts = [self._single(pieces)]
        while self._tokens and self._tokens[0] not in END_OF_AND:
            self._accept("AND", ",")  # or nothing: side by side means AND
            parts.append(self._single(pieces))
        return lambda study: all(part(study) for part in parts)

    def _single(self, pieces: frozenset[str]) -> Matcher:
        if not self._tokens:
            self._fail("unexpected end")
        if self._accept("NOT"):
            denied = self._single(pieces)
            return lambda study: not denied(study)
        if self._accept("("):
            group = self._either(pieces)
            if not self._accept(")"):
                self._fail("missing `)`")
            return group
        token = self._tokens.pop(0)
        if token.kind == "area":
            if token.text not in AREAS:
                self._fail(f"Unknown area name: `{token.text}`")
            return self._single(AREAS[token.text])
        if token.kind == "operator":
            self._fail(f"unexpected `{token.text}`")
        return self._term(token, pieces)

    def _term(self, token: Token, pieces: frozenset[str]) -> Matcher:
        words = [token.text.strip('"')]
        while token.kind == "word" and self._tokens and self._tokens[0].kind == "word":
            words.append(self._tokens.pop(0).text)
        wanted = " ".join(word.removeprefix("\\") for word in words)
        if not forms(wanted).written.strip():
            self._fail("a term without words")
        for piece in pieces & ENUM_AREAS.keys():
            return self._enum_term(wanted, piece)
        return text_matcher(pieces, wanted, adjacent=token.kind == "phrase")

    def _enum_term(self, wanted: str, piece: str) -> Matcher:
        allowed = ENUM_AREAS[piece]
        if wanted not in allowed:
            choices = ", ".join(sorted(allowed))
            self._fail(f"Allowed values for enum field `{PIECES[piece]}` are {choices}")
        path = PIECES[piece].split(".")
        return lambda study: wanted in values(study, path)


def query_words(text: str) -> int:
    """The words of a query, inside quotes too; operators and ``AREA[...]`` count as one each."""
    return len(re.findall(r"\w+", re.sub(r"AREA\[\w*\]", " AREA ", text)))


# --------------------------------------------------------------------------------------------
# Parameters

SEARCH_PARAMETERS = names(
    "format query.cond query.term filter.overallStatus filter.ids filter.advanced "
    "fields countTotal pageSize pageToken"
)
STUDY_PARAMETERS = frozenset({"format", "fields"})
UNMODELLED_PARAMETERS = names(
    "markupFormat query.locn query.titles query.intr query.outc query.spons query.lead query.id "
    "query.patient filter.geo filter.synonyms postFilter.overallStatus postFilter.geo "
    "postFilter.ids postFilter.advanced postFilter.synonyms aggFilters geoDecay sort"
)
PAGING_PARAMETERS = frozenset({"countTotal", "pageSize", "pageToken"})
"""Those that may differ from one page to the next."""

_NCT_ID = re.compile(r"[Nn][Cc][Tt]0*[1-9]\d{0,7}", re.ASCII)
_ONLY_NCT_IDS = re.compile(r"[\s,]*(?:NCT\d{8}[\s,]*)+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class RecordedRequest:
    """One request as it came in; ``path`` is what follows ``/api/v2``, such as ``/studies``."""

    path: str
    pairs: tuple[tuple[str, str], ...]
    headers: Message
    target: str

    @property
    def params(self) -> dict[str, str]:
        return dict(self.pairs)


def record_request(target: str, headers: Message) -> RecordedRequest:
    parts = urlsplit(target)
    inside = parts.path.startswith(f"{BASE}/")
    path = parts.path.removeprefix(BASE) if inside else parts.path
    pairs = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return RecordedRequest(path, pairs, headers, target)


def listed(text: str) -> list[str]:
    """The items of a list parameter: comma or pipe between them."""
    return re.split(r"[,|]", text)


def check_names(request: RecordedRequest, allowed: frozenset[str]) -> None:
    names = [name for name, _ in request.pairs]
    for name in names:
        if name not in allowed:
            if name in UNMODELLED_PARAMETERS and request.path == "/studies":
                not_modelled(f"the parameter {name}")
            refuse(f"Invalid prefix in parameter name: {name}")
        if names.count(name) > 1:
            refuse(f"Parameter `{name}` is given more than once")
    if request.params.get("format", "json") != "json":
        not_modelled("other formats than json")


def invalid(name: str, value: str) -> NoReturn:
    refuse(f"Invalid value in parameter `{name.rpartition('.')[2]}`: `{value}`")


def wants_total(params: Mapping[str, str]) -> bool:
    value = params.get("countTotal", "false")
    if value not in ("true", "false"):
        invalid("countTotal", value)
    return value == "true" and "pageToken" not in params


def page_size(params: Mapping[str, str]) -> int:
    value = params.get("pageSize", "0")
    if not re.fullmatch(r"[0-9]{1,9}", value):
        invalid("pageSize", value)
    return min(int(value) or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)


def normal_nct_id(text: str) -> str:
    return f"NCT{int(text[3:]):08}"


def matchers(params: Mapping[str, str]) -> list[Matcher]:
    """One test for each query and filter of a search."""
    queries, filters = query_matchers(params), filter_matchers(params)
    if any(is_only_ids(params.get(name, "")) for name in ("query.cond", "query.term")):
        return queries  # as the real registry does: NCT numbers as a query switch all filters off
    return queries + filters


def is_only_ids(text: str) -> bool:
    return _ONLY_NCT_IDS.fullmatch(text) is not None


def query_matchers(params: Mapping[str, str]) -> list[Matcher]:
    places = (
        ("query.cond", AREAS["ConditionSearch"], "Condition / disease"),
        ("query.term", BASIC_SEARCH, "Other terms"),
    )
    found = []
    for name, pieces, label in places:
        text = params.get(name)
        if text is None:
            continue
        matcher = QueryParser(text, pieces, label, MAX_QUERY_WORDS).parse()
        found.append(ids_matcher(re.findall(r"\w+", text)) if is_only_ids(text) else matcher)
    return found


def filter_matchers(params: Mapping[str, str]) -> list[Matcher]:
    found = []
    if "filter.overallStatus" in params:
        found.append(status_matcher(listed(params["filter.overallStatus"])))
    if "filter.ids" in params:
        found.append(ids_matcher(listed(params["filter.ids"])))
    if "filter.advanced" in params:
        text = params["filter.advanced"]
        label = "filter.advanced"
        found.append(QueryParser(text, BASIC_SEARCH, label, MAX_FILTER_WORDS).parse())
    return found


def status_matcher(statuses: Sequence[str]) -> Matcher:
    for status in statuses:
        if status not in OVERALL_STATUSES:
            invalid("filter.overallStatus", status)
    path = PIECES["OverallStatus"].split(".")
    return lambda study: any(value in statuses for value in values(study, path))


def ids_matcher(ids: Sequence[str]) -> Matcher:
    for one in ids:
        if not _NCT_ID.fullmatch(one):
            refuse(f"Parameter `filter.ids` has incorrect format: `{one}`")
    wanted = {normal_nct_id(one) for one in ids}
    return lambda study: nct_id(study) in wanted


@dataclass(frozen=True)
class Place:
    """Where a page starts; the text of it is the page token.

    ``loops`` marks a token that leads to the page it stood on, again and again.
    """

    search: str
    start: int = 0
    loops: bool = False

    @classmethod
    def of(cls, params: Mapping[str, str]) -> Place:
        search = {name: params[name] for name in sorted(params) if name not in PAGING_PARAMETERS}
        digest = blake2s(json.dumps(search).encode(), digest_size=12).hexdigest()
        if "pageToken" not in params:
            return cls(digest)
        place = cls.from_token(params["pageToken"])
        if place.search != digest:
            invalid("pageToken", params["pageToken"])
        return place

    @classmethod
    def from_token(cls, token: str) -> Place:
        try:
            search, start, loops = urlsafe_b64decode(token).decode("ascii").split(".")
            return cls(search, int(start), loops == "loops")
        except ValueError:
            invalid("pageToken", token)

    def token(self) -> str:
        text = f"{self.search}.{self.start:08}.{'loops' if self.loops else 'moves'}"
        return urlsafe_b64encode(text.encode()).decode()


@dataclass
class Page:
    """One page of studies on its way out."""

    place: Place
    studies: list[Study]
    total: int | None
    next: Place | None

    def to_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if self.total is not None:
            body["totalCount"] = self.total
        body["studies"] = self.studies
        if self.next is not None:
            body["nextPageToken"] = self.next.token()
        return body


# --------------------------------------------------------------------------------------------
# Faults


class Fault(StrEnum):
    """What can go wrong, on the way, at the registry, and in what it says."""

    HTTP_429 = "http-429"
    HTTP_429_RETRY_AFTER_1 = "http-429-retry-after-1"
    HTTP_500 = "http-500"
    HTTP_503_RETRY_AFTER_1 = "http-503-retry-after-1"
    HTTP_503_RETRY_AFTER_3600 = "http-503-retry-after-3600"
    BLOCKED_403 = "blocked-403"
    HTML_200 = "html-200"
    TRUNCATED = "truncated"
    BAD_JSON = "bad-json"
    WRONG_SHAPE = "wrong-shape"
    RESET = "reset"
    SLOW = "slow"
    STALE_TOKEN = "stale-token"  # noqa: S105
    EMPTY_PAGE = "empty-page"
    ENDLESS_TOKEN = "endless-token"  # noqa: S105
    DUPLICATE = "duplicate"
    MISSING_TOTAL = "missing-total"
    WRONG_TOTAL = "wrong-total"
    REFRESH_BETWEEN_PAGES = "refresh-between-pages"
    HUGE_FIELD = "huge-field"
    MISSING_MODULES = "missing-modules"
    WRONG_TYPES = "wrong-types"
    HOSTILE_TEXT = "hostile-text"


ANSWER_FAULTS = {
    Fault.HTTP_429: plain(429, "Too Many Requests"),
    Fault.HTTP_429_RETRY_AFTER_1: plain(429, "Too Many Requests", {"Retry-After": "1"}),
    Fault.HTTP_500: plain(500, "Internal Server Error"),
    Fault.HTTP_503_RETRY_AFTER_1: plain(503, "Service Unavailable", {"Retry-After": "1"}),
    Fault.HTTP_503_RETRY_AFTER_3600: plain(503, "Service Unavailable", {"Retry-After": "3600"}),
    Fault.BLOCKED_403: html(403, "403 Forbidden"),
    Fault.HTML_200: html(200, "The site is down for maintenance"),
}

HOSTILE = (
    '=HYPERLINK("http://127.0.0.1/","open")<script>alert(\'x\')</script><b>bold</b>'
    "[link](javascript:alert(1)) ![image](http://127.0.0.1/x.png) **strong** $\\frac{1}{2}$ "
    ':smile: `code` ~~gone~~ | cell | :red[red] \x00\x07\x1b[31m\u202e\u2028 "quoted",\r\n'
    "@SUM(A1) "
)
"""Stands before every free text under the fault ``hostile-text``."""

_CODED_KEYS = names(
    "nctId nctIdAliases overallStatus lastKnownStatus statusForNctId status type class role date "
    "phases studyType sex minimumAge maximumAge stdAges samplingMethod allocation "
    "interventionModel primaryPurpose observationalModel timePerspective masking whoMasked "
    "retention ipdSharing infoTypes versionHolder pmid"
)
_CODED_VALUE = re.compile(r"[CD]\d{6,9}|\d{4}(-\d\d){1,2}", re.ASCII)
"""MeSH identifiers and dates."""


def is_free_text(key: str, value: Any) -> bool:
    return isinstance(value, str) and key not in _CODED_KEYS and not _CODED_VALUE.fullmatch(value)


def hostile(node: Any, key: str = "") -> Any:
    if isinstance(node, dict):
        return {name: hostile(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [hostile(item, key) for item in node]
    return HOSTILE + node if is_free_text(key, node) else node


def wrong_types(node: Any, odd: Iterator[Any]) -> Any:
    """Every text and number becomes something else; lists get strange members; nctId stays."""
    if isinstance(node, dict):
        return {
            name: value if name == "nctId" else wrong_types(value, odd)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [None, "a text", *(wrong_types(item, odd) for item in node)]
    return copy.copy(next(odd)) if isinstance(node, str) else "a text"


def with_huge_field(study: Study) -> Study:
    study = copy.deepcopy(study)
    description = study.setdefault("protocolSection", {}).setdefault("descriptionModule", {})
    description["briefSummary"] = "word " * (HUGE_FIELD_LENGTH // 5)
    return study


def only_nct_id(study: Study) -> Study:
    return {"protocolSection": {"identificationModule": {"nctId": nct_id(study)}}}


def spoil(page: Page, fault: Fault) -> None:
    """Do to a page what the fault says; faults of other kinds leave it alone."""
    match fault:
        case Fault.EMPTY_PAGE:
            page.studies, page.next = [], page.place
        case Fault.DUPLICATE:
            page.studies = page.studies + page.studies[:1]
        case Fault.MISSING_TOTAL:
            page.total = None
        case Fault.WRONG_TOTAL:
            page.total = (page.total or 0) + 1
        case Fault.HUGE_FIELD:
            first, others = page.studies[:1], page.studies[1:]
            page.studies = [with_huge_field(study) for study in first] + others
        case Fault.MISSING_MODULES:
            page.studies = [only_nct_id(study) for study in page.studies]
        case Fault.WRONG_TYPES:
            odd = itertools.cycle((7, ["a list"], {"an": "object"}, True, None, 0.5))
            page.studies = [wrong_types(study, odd) for study in page.studies]
        case Fault.HOSTILE_TEXT:
            page.studies = [hostile(study) for study in page.studies]


ANY_PATH_FAULTS = frozenset(
    {
        *ANSWER_FAULTS,
        Fault.TRUNCATED,
        Fault.BAD_JSON,
        Fault.WRONG_SHAPE,
        Fault.RESET,
        Fault.SLOW,
    }
)
"""All other faults wait for a search."""


def can_strike(fault: Fault, request: RecordedRequest) -> bool:
    """Whether this request can show the fault at all; if not, the fault waits for one that can."""
    if fault in ANY_PATH_FAULTS:
        return True
    if request.path != "/studies":
        return False
    if fault is Fault.STALE_TOKEN:
        return "pageToken" in request.params
    if fault in (Fault.MISSING_TOTAL, Fault.WRONG_TOTAL):
        return request.params.get("countTotal") == "true" and "pageToken" not in request.params
    return True


@dataclass
class ScheduledFault:
    """A fault that waits for its requests."""

    fault: Fault
    times: int
    path: str | None

    def strikes(self, request: RecordedRequest) -> bool:
        return self.path in (None, request.path) and can_strike(self.fault, request)


# --------------------------------------------------------------------------------------------
# The registry


def with_nct_id(study: Study, new_id: str) -> Study:
    protocol = study["protocolSection"]
    identification = {**protocol["identificationModule"], "nctId": new_id}
    return {**study, "protocolSection": {**protocol, "identificationModule": identification}}


def multiplied(studies: Sequence[Study], copies: int) -> list[Study]:
    """The records, then ``copies - 1`` rounds of them under numbers from NCT98000000 on."""
    numbers = itertools.count(98_000_000)
    again = (study for _ in range(copies - 1) for study in studies)
    return [*studies, *(with_nct_id(study, f"NCT{next(numbers)}") for study in again)]


class LocalRegistry:
    """Serves study records on 127.0.0.1 while its ``with`` block runs.

    ``url`` is the address to give to a client. ``requests`` are the requests so far.
    ``data_timestamp`` may be set at any time. ``pending`` are the faults that did not strike yet.
    """

    def __init__(self, studies: Iterable[Study], *, copies: int = 1, port: int = 0) -> None:
        self._studies = multiplied(list(studies), copies)
        if len({nct_id(study) for study in self._studies}) != len(self._studies):
            raise ValueError("two records have the same NCT number")
        self._port = port
        self._lock = threading.RLock()
        self._released = threading.Event()
        self._scheduled: list[ScheduledFault] = []
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.requests: list[RecordedRequest] = []
        self.data_timestamp = DEFAULT_TIMESTAMP

    @classmethod
    def from_folder(cls, folder: Path, *, copies: int = 1, port: int = 0) -> LocalRegistry:
        """Serve every ``*.json`` file of a folder, one record a file, in the order of names."""
        files = sorted(folder.glob("*.json"))
        if not files:
            raise ValueError(f"no records in {folder}")
        studies = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        return cls(studies, copies=copies, port=port)

    def __enter__(self) -> Self:
        self._server = _Server(self, self._port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.hang_up()
            self._server.server_close()
        self._server = self._thread = None

    def __len__(self) -> int:
        return len(self._studies)

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the registry is not serving")
        return f"http://127.0.0.1:{self._server.server_port}{BASE}"

    @property
    def pending(self) -> list[Fault]:
        return [scheduled.fault for scheduled in self._scheduled]

    def fault(self, name: Fault | str, times: int = 1, *, path: str | None = None) -> None:
        """Let the next ``times`` requests (to ``path``, such as ``/studies``) go wrong."""
        fault = Fault(name)
        if fault is Fault.SLOW:
            self._released.clear()
        with self._lock:
            self._scheduled.append(ScheduledFault(fault, times, path))

    def release(self) -> None:
        """Let the answers go that the fault ``slow`` holds back."""
        self._released.set()

    # What the server asks for

    def take(self, request: RecordedRequest) -> Fault | None:
        """Record a request; the fault it meets, if any."""
        with self._lock:
            self.requests.append(request)
            for scheduled in self._scheduled:
                if scheduled.strikes(request):
                    scheduled.times -= 1
                    if scheduled.times <= 0:
                        self._scheduled.remove(scheduled)
                    return scheduled.fault
        return None

    def answer(self, request: RecordedRequest, fault: Fault | None) -> Answer:
        if fault is Fault.SLOW:
            self._released.wait()
        if fault in ANSWER_FAULTS:
            return ANSWER_FAULTS[fault]
        try:
            with self._lock:
                body = self._body(request, fault)
        except RefusalError as refusal:
            return refusal.answer
        if fault is Fault.WRONG_SHAPE:
            body = [body]
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        if fault is Fault.BAD_JSON:
            text = text.replace(":", "=", 1)
        return Answer(200, "application/json", text.encode())

    def _body(self, request: RecordedRequest, fault: Fault | None) -> Any:
        if request.path == "/version":
            check_names(request, frozenset())
            return {"apiVersion": "2.0.5", "dataTimestamp": self.data_timestamp}
        if request.path == "/studies":
            check_names(request, SEARCH_PARAMETERS)
            return self._search(request.params, fault)
        if match := re.fullmatch(r"/studies/([^/]+)", request.path):
            check_names(request, STUDY_PARAMETERS)
            return self._one(match[1], request.params)
        raise RefusalError(html(404, "404 Not Found"))

    def _one(self, wanted: str, params: Mapping[str, str]) -> Study:
        if not _NCT_ID.fullmatch(wanted):
            refuse(f"NCT number {wanted} has incorrect format")
        for study in self._studies:
            if nct_id(study) == normal_nct_id(wanted):
                return project(study, asked_fields(params))
        refuse(f"NCT number {wanted} not found", 404)

    def _search(self, params: Mapping[str, str], fault: Fault | None) -> dict[str, Any]:
        place, size, tree = Place.of(params), page_size(params), asked_fields(params)
        tests, total = matchers(params), wants_total(params)
        if fault is Fault.STALE_TOKEN:
            invalid("pageToken", params["pageToken"])
        found = [study for study in self._studies if all(test(study) for test in tests)]
        studies = found[place.start : place.start + size]
        page = Page(
            place,
            [project(study, tree) for study in studies],
            len(found) if total else None,
            next_place(place, size if len(studies) == size else 0, fault),
        )
        if fault is not None:
            spoil(page, fault)
        if fault is Fault.REFRESH_BETWEEN_PAGES:
            self._refresh(studies[:1])
        return page.to_json()

    def _refresh(self, moving: list[Study]) -> None:
        """A new data version, in which a study already sent stands at the end."""
        next_day = datetime.fromisoformat(self.data_timestamp) + timedelta(days=1)
        self.data_timestamp = next_day.isoformat()
        moved = {nct_id(study) for study in moving}
        self._studies = [study for study in self._studies if nct_id(study) not in moved] + moving


def next_place(place: Place, step: int, fault: Fault | None) -> Place | None:
    """Where the next page starts; a full page has one even if no study is left for it."""
    if place.loops or fault is Fault.ENDLESS_TOKEN:
        return replace(place, loops=True)
    return replace(place, start=place.start + step) if step else None


def asked_fields(params: Mapping[str, str]) -> FieldTree | None:
    return field_tree(params["fields"]) if "fields" in params else None


# --------------------------------------------------------------------------------------------
# HTTP


def accepts_gzip(headers: Message) -> bool:
    codings = str(headers.get("Accept-Encoding", "")).replace(" ", "").split(",")
    return any(coding in ("gzip", "*") or coding.startswith("gzip;q=1") for coding in codings)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        registry = self.server.registry
        request = record_request(self.path, self.headers)
        fault = registry.take(request)
        if fault is Fault.RESET:
            self._reset()
        elif len(f"http://{self.headers.get('Host', '')}{self.path}") > MAX_URL_LENGTH:
            self._send(html(414, "414 Request-URI Too Large"), cut=False)
        else:
            self._send(registry.answer(request, fault), cut=fault is Fault.TRUNCATED)

    def _send(self, answer: Answer, *, cut: bool) -> None:
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if answer.content_type == "application/json" and accepts_gzip(self.headers):
            body = gzip.compress(body, compresslevel=1, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def _reset(self) -> None:
        """Close so that the client sees "connection reset", not an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """Remembers its connections, so that closing it leaves no thread and no socket behind."""

    daemon_threads = False

    def __init__(self, registry: LocalRegistry, port: int) -> None:
        self.registry = registry
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._connections_lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


# --------------------------------------------------------------------------------------------
# By hand


def wait_for_interrupt() -> None:
    threading.Event().wait()


def main(
    arguments: Sequence[str] | None = None, wait: Callable[[], None] = wait_for_interrupt
) -> None:
    parser = argparse.ArgumentParser(prog="local_registry", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="one record a file")
    parser.add_argument("--fault", choices=[*Fault], help="on every request that can show it")
    parser.add_argument("--copies", type=int, default=1, help="serve every record so many times")
    given = parser.parse_args(arguments)
    registry = LocalRegistry.from_folder(given.folder, copies=given.copies, port=given.port)
    if given.fault:
        registry.fault(given.fault, ALWAYS)
    with registry, contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(f"{len(registry)} studies at {registry.url}\n")
        sys.stdout.flush()
        wait()


if __name__ == "__main__":
    main()
