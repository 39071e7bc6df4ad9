"""Words for studies that observe or support, and for what is watched rather than tested."""

from __future__ import annotations

from trialfinder.reading.patterns import pattern

OBSERVING = pattern(
    r"predict\w*", r"\bassays?\b", r"tomography", r"imaging", r"sampling", r"immunogenicity",
    r"registr(?:y|ies)", r"quality of life", r"observational", r"survey", r"questionnaire",
    r"adherence", r"compliance", r"epidemiolog", r"data ?base", r"non-?interventional",
    r"retrospective", r"natural history", r"biomarker", r"biobank", r"collect\w+ (?:of|and)",
    r"(?:tissue|sample|specimen|blood|cell) (?:bank|repository|collection|samples)", r"specimens?",
    r"supportive", r"monitoring", r"immune globulin|immunoglobulin", r"exercise", r"psycho\w*",
    r"counsel", r"cognitive", r"educat", r"training", r"infection", r"\bfung(?:al|us|emia)",
    r"antimicrob", r"cytomegalo", r"\bcmv\b", r"influenza", r"pneumococ\w*", r"zoster",
    r"neutropeni", r"nausea", r"vomit", r"mucositis", r"screening", r"diagnos(?:tic|ing)",
    r"pharmacogen", r"transfusion", r"\bpain\b", r"fatigue", r"fertility", r"pregnan",
    r"telehealth", r"mobile app", r"decision", r"palliative", r"advance care", r"nutrition",
    r"ovarian", r"long[- ]term follow[- ]up", r"post-?marketing", r"surveillance",
    r"real[- ](?:world|life)", r"\biron\b", r"bone (?:health|density|mineral|loss)", r"sleep",
    r"blood draw", r"nursing", r"behavio", r"telephone", r"patterns? of", r"planning",
    r"cohort study", r"stress\b", r"caregiver", r"oral care", r"\banemi", r"labell?ing",
    r"metabolic",
    r"cardi(?:ac|o)", r"prognos\w+", r"internet", r"tumor lysis", r"hyperuric\w+",
    r"prevent\w* (?:of )?(?:\w+ )?(?:complication|infection|nausea|vomit|bleeding|thrombo|bone)",
    r"catheter", r"walking", r"rehabilit", r"semen",
)  # fmt: skip
INFECTION = pattern(
    r"infection", r"cytomegalo", r"\bcmv\b", r"influenza", r"pneumococ\w*", r"zoster", r"\bebv\b"
)
ONLY_OBSERVING = pattern(
    r"registr(?:y|ies)", r"quality of life", r"survey", r"questionnaire", r"adherence",
    r"compliance", r"epidemiolog", r"data ?base", r"non-?interventional", r"observational",
    r"retrospective", r"fertility", r"ovarian", r"sleep", r"pharmacogen", r"patterns? of",
    r"collect\w+", r"specimens?", r"exercise", r"cardi(?:ac|o)", r"metabolic", r"predict\w*",
    r"monitoring",
)  # fmt: skip
AGAINST_INFECTION = pattern(
    r"(?:influenza|flu|sars\S*|covid\S*|zoster|varicella|pneumococ\w+|hepatitis(?: b)?|meningoc\w+"
    r"|tetanus)[- ](?:\w+ ){0,2}vaccin",
    r"vaccin\w* (?:against|for|to prevent) (?:influenza|flu|sars|covid|zoster|pneumo|hepatitis)",
    r"vaccine registration",
)
"""A vaccine that protects from an infection."""
WATCHING = pattern(
    r"real[- ](?:world|life)", r"post-?marketing", r"surveillance", r"retrospective",
    r"(?:effectiveness|efficacy|safety|outcomes?|use) of", r"routine", r"patterns? of",
    r"observational", r"non-?interventional", r"daily practice", r"chart review",
    r"treated with", r"expanded access", r"managed access", r"compassionate",
)  # fmt: skip
A_TKI = r"[^.;]{0,60}(?:tinib|\btkis?\b|bcr[-: ]*abl1? inhib|kinase inhib)"
"""A TKI soon after a word."""
UNDER_TKI = pattern(
    rf"\b(?:under|on|receiving|taking|using|during|with|by|to)\b{A_TKI}",
    rf"\bof{A_TKI} (?:on|in)",
)
"""A title that looks at people who take a TKI."""
