"""Words that no visitor reads, and the only kinds of phase that we speak of."""

from __future__ import annotations

BANNED = {
    "a verdict on joining": r"\b(?:in)?eligib\w*|\byou qualify\b",
    "research language": r"\b(?:subjects?|arms?|cohorts?|endpoints?|end points?)\b",
    "a score": r"\bmatch(?:ing)? scores?\b|\d\s*(?:%|per ?cent\b)",
    "a recommendation": r"\b(?:we recommend|you (?:should|must|need to)|best (?:choice|option))\b",
    "an exclamation mark": r"!",
    "an emoji": "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]",
}
KINDS_OF_PHASE = {"trial", "cml", "chronic", "accelerated", "blast"}
