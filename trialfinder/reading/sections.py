"""Splits eligibility criteria into who can and who cannot join.

Sponsors write the headings freely. A heading is a line of its own, or the start of one, that is
made of "inclusion criteria" or "exclusion criteria" and a few words around it. For people,
`split_criteria` leaves text whole unless it is sure: showing it whole is right, guessing is not.
For reading, `sides` takes the likeliest side of every stretch, and freer headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialfinder.reading.model import Side


@dataclass(frozen=True, slots=True)
class Section:
    """Consecutive lines of one side; ``heading`` is the record's own, None where it has none."""

    side: Side
    heading: str | None
    body: str


_HEADING = re.compile(
    r"""^(?:[\s*\#_>•\-.)]|\d+(?=[\s.)]))*+            # bullets, bold, markdown heading, numbering
    (?P<heading>
      (?P<before>(?:[\w/&,()'-]+[ \t]+){0,6}?)         # "Key", "Main", "Patient", "Phase 2 part"
      (?:(?P<in>inclusion)|exclusion)(?:ary)?[ \t]+criteri(?:a|on)
      (?P<after>[ \t]+(?:for|of|in)\b[^:\n]{0,80}|[ \t]*\([^)\n]{0,80}\))?
    | (?:(?P<bare_in>inclusion)|exclusion)s?
    )
    [\s*_]*(?P<end>[:：.]|[–-](?=\s|$)|$)[\s*_:]*""",
    re.IGNORECASE | re.VERBOSE,
)
_CRITERION = re.compile(r"\b(?:not|no|non|without|unable|fail\w*|violat\w*)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"\b(?:meet\w*|met|fulfil\w*|satisf\w*|any|all)\b", re.IGNORECASE)
_KEYWORD = re.compile(r"\b(?:in|ex)clusion(?:ary)?\b", re.IGNORECASE)
_NEARLY = re.compile(
    r"[\s*\#_>•\-\d.)]*+(?:in|ex)clusion(?:ary)?[ \t]+criteri(?:a|on)\b", re.IGNORECASE
)


def _names_both(text: str) -> bool:
    return {"inclusion", "exclusion"} <= {word.lower() for word in _KEYWORD.findall(text)}


def _is_doubtful(line: str) -> bool:
    """Whether ``line`` may be a heading in words that `_heading` does not know."""
    asks = line.rstrip(" *_\t").endswith((":", "：")) and _KEYWORD.search(line)
    return bool(asks or _NEARLY.match(line) or (_HEADING.match(line) and _names_both(line)))


def _heading(line: str) -> re.Match[str] | None:
    """The heading that ``line`` is, or starts with.

    "Not meeting the inclusion criteria" is a criterion, most often an exclusion: taking it for a
    heading would turn what follows into its opposite.
    """
    match = _HEADING.match(line)
    if match is None or _names_both(match["heading"]):
        return None
    before, after = match["before"] or "", match["after"] or ""
    if _CRITERION.search(before):
        return None
    if match["end"] not in (":", "：") and (_SENTENCE.search(before) or _CRITERION.search(after)):
        return None
    return match


def split_criteria(text: str) -> tuple[Section, ...] | None:
    """Sections in the order of the text, every line in exactly one; None if it cannot be split.

    ``text`` is `Study.eligibility_criteria`. Headings and bodies together hold all its words.
    """
    sections: list[tuple[Side, str | None, list[str]]] = [(Side.OTHER, None, [])]
    for line in text.split("\n"):
        match = _heading(line)
        if match is None:
            if _is_doubtful(line):
                return None  # perhaps a heading in other words: better whole than on a wrong side
            sections[-1][2].append(line)
        else:
            side = Side.INCLUSION if match["in"] or match["bare_in"] else Side.EXCLUSION
            sections.append((side, match["heading"].strip(), [line[match.end() :]]))
    if not {Side.INCLUSION, Side.EXCLUSION} <= {side for side, _, _ in sections}:
        return None
    made = (Section(side, head, "\n".join(lines).strip("\n")) for side, head, lines in sections)
    return tuple(section for section in made if section.heading or section.body.strip())


_FREE_HEADING = re.compile(
    r"""^[\s*\#_]*+(?:
      (?P<out>[^:\n]{0,60}?
        (?:\bexclu\w+|\bnon?[ -]?inclu\w+|\bineligib\w+
          |\bnot[ ](?:be[ ])?(?:eligible|enrolled|included|allowed)
          |\b(?:can|may|must|will|should)(?:[ ]?not)[ ](?:be|have|join|take|participate|enter)\b)
        [^:\n]{0,40})
    | (?P<in>[^:\n]{0,40}?
        \b(?:inclusion|eligib\w+|(?:can|may)[ ](?:join|participate|take[ ]part))\b[^:\n]{0,40})
    )[:\uff1a][\s*_]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_OPENING = re.compile(
    r"""^[\s*\#_\d.]*+(?:
      (?P<out>not[ ]eligible|ineligible|excluded|exclusions?|not[ ]included)
    | (?P<in>eligible|included|inclusions?)
    )[ ]?[:\uff1a](?=[ ]+\S)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A paragraph that begins with one word for its side."""
_BARE_HEADING = re.compile(
    r"^[\s*\#_\d.\[(<]*+(?:[a-z]+[ ]){0,2}(?:(?P<in>(?<!non[ -])inclusions?)|exclusions?)"
    r"(?:[ ]criteri(?:a|on))?[\s*_\])>]*$",
    re.IGNORECASE,
)
"""A line of a few words, the last of which is its side."""
_INLINE = re.compile(
    r"(?<=[\w.;)] )(?<!non )(?P<side>in|ex)clusion criteri(?:a|on)\s*+:", re.IGNORECASE
)


def sides(text: str) -> Iterator[tuple[Side, int, int]]:
    """Stretches ``text[start:end]`` in order, each with its likeliest side; headings left out.

    Never raises; text without any heading is one stretch of `Side.OTHER`.
    """
    side, start, position = Side.OTHER, 0, 0
    for line in text.split("\n"):
        for found, first, last in _turns(line) if _may_turn(line) else ():
            if position + first > start:
                yield side, start, position + first
            side, start = found, position + last
        position += len(line) + 1
    if start < len(text):
        yield side, start, len(text)


def _may_turn(line: str) -> bool:
    """A cheap look: headings speak of inclusion, exclusion or who is eligible, or end in a mark."""
    if line.rstrip().endswith((":", "\uff1a", "*", "_")):
        return True
    small = line.lower()
    return "clu" in small or "eligible" in small


def _turns(line: str) -> Iterator[tuple[Side, int, int]]:
    """The headings in ``line``: the side that follows, and where the heading starts and ends."""
    named = "clusion" in line.lower()
    heading = _heading(line) if named else None
    if heading:
        inclusion = heading["in"] or heading["bare_in"]
        yield (Side.INCLUSION if inclusion else Side.EXCLUSION), 0, heading.end()
    elif named and len(line) < 100 and _names_both(line) and len(_INLINE.findall(line)) < 2:
        yield Side.OTHER, 0, 0
        return
    elif free := _FREE_HEADING.match(line):
        yield (Side.EXCLUSION if free["out"] else Side.INCLUSION), 0, free.end()
    elif bare := _BARE_HEADING.match(line):
        yield (Side.INCLUSION if bare["in"] else Side.EXCLUSION), 0, bare.end()
    elif opening := _OPENING.match(line):
        yield (Side.EXCLUSION if opening["out"] else Side.INCLUSION), 0, opening.end()
    for match in _INLINE.finditer(line, heading.end() if heading else 0) if named else ():
        kind = Side.INCLUSION if match["side"].lower() == "in" else Side.EXCLUSION
        yield kind, match.start(), match.end()
