"""Whether a sentence speaks of the people who join, or of medicine in general."""

from __future__ import annotations

from functools import lru_cache

from trialfinder.reading.patterns import pattern
from trialfinder.reading.text import Part, Passage

_JOINING = pattern(
    r"\bpatients? (?:enter|join|with|who|whose|having|that|in|resist|intoler|fail|refract"
    r"|previously|after|on|not|must|are|were|has|have)",
    r"\bsubjects? (?:with|who|whose|having|must|are|previously|resist)",
    r"\bparticipants? (?:with|who|whose|must|are|previously)",
    r"\b(?:adults?|children|people|individuals|persons|those|men|women)"
    r" (?:with|who|whose|and|having|previously)",
    r"this (?:[\w-]+ )?(?:study|trial|protocol|phase|open|research|clinical|is)\b",
    r"(?:people|patients|subjects|persons|those|participants) in whom",
    r"the (?:purpose|aim|goal|objective|study|trial|primary|main|present|investigators)",
    r"\btreating\b", r"in the treatment of", r"eligible",
    r"will (?:be )?(?:enrol|includ|recruit|receiv|treat|evaluat|assess|investigat|study|test)",
    r"to (?:evaluate|determine|assess|study|treat|compare|investigate|test|learn|find out|see"
    r"|explore|examine|estimate|establish|characterize|describe|identify|measure|confirm"
    r"|demonstrate)",
    r"objectives?", r"\barm\b|\bcohort\b|\bgroup\b|\bstratum\b", r"enroll?(?:ed|ment|ing)?",
    r"^(?:phase|a phase|study|open)",
)  # fmt: skip
_GENERAL = pattern(
    r"\b(?:some|many|most|majority of|approximately|proportion of|fraction of|percent of|several"
    r"|a subset of|a number of|a minority of) (?:\w+ ){0,4}"
    r"(?:patients|people|individuals|subjects|cases|cml)\b",
    r"\b(?:often|frequently|usually|commonly|generally|typically|eventually|ultimately|rarely)\b",
    r"(?:around|about|nearly|almost|roughly) (?:half|a (?:third|quarter|half)"
    r"|one (?:\w+ )?(?:in|of|out)\b|\d+ ?%)",
    r"\bis (?:the|an?) (?:main|most|major|common|frequent|leading)",
    r"\d ?% of", r"however", r"although", r"unfortunately", r"while (?:the|imatinib|many|most)",
    r"ha(?:s|ve) been (?:shown|reported|associated|demonstrated|observed|described|identified"
    r"|developed|approved)",
    r"mechanism", r"emerg", r"challenge", r"major (?:problem|cause|concern)",
    r"(?:\bis|\bare|\bwas|been|fda)[- ](?:\w+ )?approved", r"approval",
    r"(?:is|are) associated", r"in vitro", r"pre-?clinical",
    r"may (?:be|help|also|have|lead|overcome|due)",
    r"can (?:be(?! prescrib| enrol| includ)|lead|cause|overcome|induce)",
    r"known (?:to|that)", r"previous(?:ly)? (?:study|studies|reported)",
    r"in (?:a|the|this|an) (?:previous|prior|phase|earlier|recent|pivotal|randomi)", r"suggest",
    r"have (?:\w+ ){0,2}(?:choices|options)", r"\btoday\b", r"nowadays",
    r"because of its", r"literature", r"historical", r"year[- ]survival", r"recommend",
    r"guideline",
)  # fmt: skip
_OF_CELLS = pattern(r"\bcells?\b(?! transplant| collect| support| infus| vaccin| therap)")
_OF_PEOPLE = pattern(
    r"(?:people|patients|participants|persons|subjects|those|adults|children) (?:who|whose|in whom"
    r"|with|resistant|refractory|intolerant|failing)"
)
"""A sentence on cells may still say in whom they are treated."""
_OUTCOMES = pattern(
    r"time to", r"(?:event|failure|progression)[- ]free", r"\brate of", r"off study",
    r"counted as", r"censored", r"removed from", r"leave (?:the )?(?:study|trial)", r"end ?point",
    r"\bcriteria for (?:fail|resist|progress)",
    r"will be (?:withdrawn|removed|taken off|discontinued)",
)  # fmt: skip
_CONDITIONAL = pattern(
    r"until", r"\bavoid", r"in the absence of", r"monitored for",
    r"(?:is|are) defined", r"defined as (?:death|any)", r"probabilit", r"risk of",
    r"in (?:the )?case of",
    r"\bif\b(?! (?:needed|necessary|required|tolerated))",
    r"will (?:be )?(?:switch|cross|discontinu|go off|come off|withdraw|undergo|transferr)",
    r"at the time of (?:treatment )?(?:failure|progress)", r"upon (?:failure|progress|relaps)",
    r"may (?:also )?(?:receive|be given|start|resume) [^.;]{0,30}(?:tinib|\btkis?\b)", r"at day \d",
    r"cross-?over", r"may (?:switch|cross|develop|become)", r"discontinuation (?:due|because)",
    r"predict", r"\bprevent", r"to overcome", r"outcome", r"frequency of", r"incidence",
    r"proportion of", r"percentage", r"number of (?:patients|participants|subjects)",
    r"cumulative", r"unless",
)  # fmt: skip
_TESTED_IN = pattern(
    r"(?:compar\w*|determin\w*|evaluat\w*|assess\w*|treatment of|effective\w*|efficacy|safety"
    r"|superior)[^.;]{0,250}(?:patients|subjects|participants|adults|children|people)"
    r" (?:with|who|whose|resistant|intolerant|refractory|failing)",
)
"""What is measured, in whom: the people are those who join."""


def speaks_of_outcomes(passage: Passage) -> bool:
    """Whether a passage says what is measured, or when people leave, rather than who joins."""
    return bool(_OUTCOMES.search(passage.text))


@lru_cache(maxsize=128)
def speaks_of_joining(passage: Passage) -> bool:
    """Whether a sentence of prose says who joins; keywords never do.

    Remembered for the passages at hand, as rules ask for it at every word of interest.
    """
    text = passage.text
    if passage.part is Part.KEYWORD:
        return False
    general = _GENERAL.search(text) or (_OF_CELLS.search(text) and not _OF_PEOPLE.search(text))
    if _OUTCOMES.search(text) or _CONDITIONAL.search(text):
        return bool(_TESTED_IN.search(text)) and not general
    return passage.part is Part.ARM or bool(_JOINING.search(text) and not general)
