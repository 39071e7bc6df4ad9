"""Words for the groups of people that studies are made for, and for what makes one of them.

Newly diagnosed, doing well and stopping, on a TKI, rolling over from an earlier study, healthy,
donors, samples only; and words that take a group back.
"""

from __future__ import annotations

from trialfinder.reading.patterns import Words, pattern

_A_TKI = r"(?:tinib|gleevec|glivec|\btkis?\b|kinase inhib|sti ?571)"
_FEW_MONTHS = r"(?:[1-6]|one|two|three|four|six)"

NEW = Words(
    (
        "new", "untreat", "first", "naiv", "na\u00ef", "na?", "de novo", "diagnos", "line", "front",
        "initial", "primary", "prior", "previous", "received", "1st", "treated with", "before",
    ),
    r"newly[- ]?(?:-)?diagnos\w+", r"new(?:ly)? diagnosed", r"new diagnos[ie]s",
    r"recently diagnosed", r"\buntreated", r"for the first time",
    r"before (?:any |the )?(?:treatment|therapy|tki) (?:begins|starts|is started)",
    r"new (?:cml|cases)",
    r"(?:treatment|therapy|drug|tki|imatinib)[- ]?(?:naive|na.ve)", r"de novo (?:cml|chronic)",
    r"patients? [^.;]{0,60}at (?:the time of )?(?:initial |first |primary )?diagnosis",
    r"(?:samples?|marrow|blood|cells?|specimens?|signature)[^.;]{0,50} at (?:the time of )?"
    r"(?:initial |first )?diagnosis", r"(?<!years )(?<!old )(?<!age )\bat (?:the time of )?"
    r"diagnosis of (?:cml|chronic)",
    r"suspected new cml",
    r"first[- ]?line", r"front-?[- ]?line", r"1st[- ]line", r"up-?front",
    r"(?:initial|first) (?:therapy|treatment)(?! (?:period|phase|cycle|visit|arm|dose|day))",
    r"(?:not|never) treated with[^.;:]{0,20}(?:imatinib|\btki|tyrosine)",
    r"primary (?:therapy|treatment) (?:of|for|in)",
    r"(?:within|less than|<|=<|in the last|no more than) ?(?:\d+ (?:weeks|days)"
    rf"|{_FEW_MONTHS} months?)[^.;]{{0,25}} diagnos",
    r"diagnos\w+[^.;]{0,30}(?:within|less than|<|in the (?:last|past|previous)|no more than) ?"
    rf"(?:the )?(?:past |last |previous )?(?:\d+ (?:weeks|days)|{_FEW_MONTHS} (?:weeks?|months?))",
    r"(?:no|not|never|without)[^.;:]{0,25} (?:prior|previous\w*|received|been treated)"
    r"[^.;:]{0,40}(?:imatinib|tki|tyrosine|treatment for cml|therapy for cml|anti-?leuk\w+)",
)  # fmt: skip
FIRST_LINE = pattern(r"first[- ]?line", r"front-?[- ]?line", r"1st[- ]line")
FIRST_LINE_BEFORE = pattern(
    r"(?:\bon|after|of|to|with|under|during|failed|failing|resistant|refractory|intolerant)"
    r" (?:(?:to|of|prior|previous|treatment|therapy|with|the|an?) ){0,3}"
    r"(?:first|front|1st)[- ]?line"
)
"""A first line that lies behind the people who join."""
NEWLY_DIAGNOSED = pattern(r"new(?:ly)?[- ]?diagnos\w+", r"untreated", r"na[i\u00ef]ve")
INTERFERON_FAILED = Words(
    ("interferon", "ifn"),
    r"(?:resist|refract|fail|intoler|respon|relaps|progress|could not|not controlled)\w*[^.;]{0,60}"
    r"\b(?:interferon|ifn)",
    r"\b(?:interferon|ifn)[^.;]{0,50} (?:fail|resist|intoler|refract|relaps|progress|was not"
    r"|could not)",
)
EARLY_PHASE = pattern(r"early[- ]chronic[- ]phase", r"early cp\b")
"""Soon after the diagnosis, whatever was given since."""
NOT_ONLY_NEW = pattern(
    r"(?:\bor|\band|and/or|/|as well as) (?:\w+ ){0,3}(?:relaps|refract|resist|previously treated"
    r"|pre-?treated|intoler|recurrent|treated|advanced|switch)",
    r"(?:relaps\w+|refractory|resistant|intolerant|previously treated|recurrent)[^.;]{0,40}"
    r" (?:or|and) ",
)
STOPPING = Words(
    (
        "discontinu", "stop", "cessation", "withdraw", "interrupt", "suspen", "holiday", "escalat",
        "intensif", "taper", "reduc", "lower", "hal", "intermittent", "free", "tfr",
        "alternat", "every other",
    ),
    r"(?:discontinu\w+|stop(?:s|ping|ped)?|cessation|withdraw\w*|interrupt\w+"
    rf"|suspen(?:sion|d\w*)|holiday)[^.;]{{0,60}}(?:{_A_TKI}|\btreatment|\btherapy)",
    r"(?:de-?escalat\w+|de-?intensif\w+|taper\w*|\breduc\w+|lower\w*|halving|intermittent\w*"
    r"|alternat\w+[- ](?:months?|days?|weeks?)|every other (?:month|day|week))"
    rf"[^.;]{{0,60}}{_A_TKI}",
    rf"(?:{_A_TKI}|\btreatment|\btherapy)\w*[^.;]{{0,40}}(?:discontinu\w+|stopping|cessation"
    r"|withdrawal|interruption|suspension|holiday|free remission)",
    rf"{_A_TKI}\w*[^.;]{{0,40}}(?:dose )?(?:de-?escalation|reduction|tapering)",
    r"treatment[- ]?free", r"\btfr\b", r"therapy[- ]free", r"drug[- ]free",
    r"stop[- ]?(?:imatinib|tki|dasat|nilo|ima)",
    r"\bhal(?:f|ve[ds]?|ving)\b(?!-li)[^.;]{0,40}\bdos", r"half[- ]dose",
)  # fmt: skip
DEEP = pattern(
    r"\b(?:complete|deep|undetect\w+|sustained|stable|major|optimal|durable|persistent)[^.;]{0,25}"
    r"(?:molecular|cytogenetic|remission|respon)",
    r"\b(?:mmr|cmr|dmr|mr ?4|mr ?5|ccyr|mr ?3)\b", r"undetectable", r"remission",
    r"tfr|treatment[- ]free",
)  # fmt: skip
ADDING = pattern(
    r"combination", r"consolidation", r"switch\w*", r"\badd(?:ed|ing|ition)?\b", r"add-on",
    r"\bplus\b", r"vaccin\w*", r"interferon", r"deep(?:en|er)\b", r"to reach",
)  # fmt: skip
PLAIN_FAILURE = pattern(
    r"resistan", r"\bfail", r"sub-?optimal", r"refractor", r"inadequate", r"insufficient"
)
ANY_FAILURE = pattern(
    PLAIN_FAILURE.pattern, r"intoleran", r"toxicit", r"side[- ]effect", r"attributed", r"adverse"
)
"""Criteria of stopping studies speak of changes for intolerance in those who do well since."""
STUDIED_RESISTANCE = pattern(
    r"mechanism", r"predict", r"risk", r"prevent", r"overcom", r"detect", r"emergence",
    r"development of", r"early (?!switch|change)",
)  # fmt: skip
WELL = Words(
    ("cytogenetic", "ccyr", "mmr", "molecular", "cmr", "remission", "respon"),
    r"(?:\bin|with|achieved|reached|obtained|attained|maintain\w*|stable|confirmed|sustained|have"
    r"|at least|having)(?: (?:a|an|stable|confirmed|sustained|at least|already|response"
    r"|continuous))* (?:complete cytogenetic|ccyr|mmr|major molecular|cmr|deep molecular"
    r"|complete molecular|complete remission)",
    r"(?:reached|achieved|in) a response[^.;]{0,40}(?:ccyr|mmr|complete|major)",
    r"^\W*(?:ccyr|mmr|complete cytogenetic|major molecular)[^.;]{0,30}\bbut (?:not?|without)\b",
)  # fmt: skip
NOT_WELL = pattern(r"(?:\bnot?\b|never|without|n't|lack|fail\w*|loss|lost)[^.;]{0,30}$")
DONORS = pattern(r"\bdonors?\b")
GIVEN_BY_DONORS = pattern(
    r"(?:mobili[sz]ation|collection|donation|safety)\b.{0,60} (?:in|by) (?:\w+ )?donors?$"
)
"""A title that ends so is about those who give."""
AT_DIAGNOSIS = pattern(
    r"\bat (?:the time of )?(?:first |initial )?diagnosis\b",
    r"newly presenting",
    r"new presentation",
)
HEALTHY_DONORS = pattern(r"\b(?:healthy|normal) (?:\w+ ){0,3}donors?\b")
PATIENTS = pattern(r"patients?\b", r"recipients?\b", r"transplantation\b", r"leuk[ae]+mia")
HEALTHY = Words(
    ("healthy", "normal", "good health", "bio"),
    r"healthy (?:\w+ ){0,3}(?:volunteer|subject|male|female|participant|adult|men|women|human"
    r"|individual|people|person|donor|japanese|chinese)",
    r"normal (?:healthy )?volunteers",
    r"in good health",
    r"bio-?equivalence",
    r"bio-?availability",
)  # fmt: skip
SAMPLES = Words(
    ("collected", "stored", "banked", "archiv", "obtained", "enrolled", "kept", "frozen"),
    r"(?:previously|already)[- ](?:collected|stored|banked)",
    r"\b(?:stored|banked|archived|archival) (?:\w+ ){0,3}(?:samples|specimens|tissue|sera|serum"
    r"|cells)",
    r"(?:samples|specimens|tissue)[^.;]{0,40}(?:previously|already) (?:enrolled|collected|stored"
    r"|banked)",
    r"(?:samples|specimens|tissue|material) (?:(?:that|which) (?:was|were|is|are) |(?:was|were) )?"
    r"(?:kept|frozen|stored|banked)",
)  # fmt: skip
ROLL_OVER = Words(
    ("roll", "extension", "stud", "trial", "protocol", "term"),
    r"roll-?[- ]?over",
    r"extension (?:study|protocol|trial)\b",
    r"extension of (?:the )?[^.;]{0,40}(?:study|trial|protocol)\b",
    r"participants? (?:of|from|in) (?:[\w-]+ ){0,2}(?:parent|concluded|completed|previous|earlier"
    r"|prior|closed) (?:[\w-]+ ){0,2}(?:protocols?|stud(?:y|ies)|trials?)\b",
    r"(?:who|that) (?:have )?(?:finished|completed) (?:an?|the|their|one of|earlier|previous|prior)"
    r" (?:[\w-]+ ){0,3}(?:study|studies|trials?|protocols?)\b",
    r"took part in (?:an?|the|one of|earlier|previous|prior) (?:[\w-]+ ){0,4}"
    r"(?:study|studies|trials?|protocols?)\b",
    r"(?:participants|patients|subjects) (?:of|in|from) (?:the )?\S*\d\S* (?:trial|study)\b",
    r"(?:who|that|have) (?:have )?(?:finished|completed) (?:study|trial|protocol) \S*\d",
    r"(?<!not )(?:participat\w+|enroll?ed|completed|treated|randomi[sz]ed|included|registered"
    r"|receiv\w+|benefit\w+)[^.;]{0,60} (?:previous|parent|prior|original|preceding|core|earlier"
    r"|feeder)(?! to| (?:tki|treat|ther|line|imat|chemo|use|to))[^.;]{0,40}"
    r"(?:study|studies|trials?|protocols?)\b",
    r"(?:benefit\w*|received|response|previously|completed)[^.;]{0,60} (?:on|in|under|from)"
    r" (?:the )?(?:protocol|study|trial|novartis|pfizer|bms)[- ](?:study |trial |protocol )?"
    r"[a-z]{0,6}[-\d][\w-]*\d",
    r"(?:currently|still|already) (?:\w+ ){0,4}(?:participating|enrolled|receiving|treated|on)"
    r"[^.;]{0,80}(?:novartis|bms|pfizer|ariad|sponsored|sponsor)[^.;]{0,30}"
    r"(?:study|studies|trials?|protocols?)",
    r"long[- ]term (?:follow[- ]up|safety|extension)[^.;]{0,60}(?:previous|participat|in study"
    r"|completed|enrolled|treated in|who (?:have|were))",
)  # fmt: skip
NOT_ROLLING = pattern(r"(?:\bnot?\b|must not|never|without|except|unless|may)[^.;]{0,30}$")
TKI_BEFORE = Words(
    ("tinib", "gleevec", "glivec", "tki", "tyrosine", "kinase", "sti"),
    r"(?:treat\w+|therap\w+|exposure|exposed|receiv\w+|use of|administration|taken)[^.;]{0,50}"
    r"(?:tinib|gleevec|glivec|tkis?\b|tyrosine)",
    r"(?:tinib|gleevec|glivec|tkis?\b|kinase inhibitors?)[^.;]{0,40}(?:treat\w+|therap\w+"
    r"|exposure)",
    r"(?:prior|previous\w*) (?:\w+ ){0,4}(?:imatinib|tkis?\b|tyrosine|gleevec|glivec|sti)",
)  # fmt: skip
BEFORE = pattern(r"prior|previous|before|pre-?treated|already|history of")
BARRED_IN_PART = pattern(
    r"within", r"\b(?:weeks?|days?|months?|hours?|half)\b", r"other than", r"except", r"unless",
    r"more than", r"greater", r"> ?\d", r"second", r"dasatinib or nilotinib", r"ponatinib",
    r"concomitant", r"concurrent", r"intoleran", r"toxicit", r"study drug", r"allow", r"permit",
    r"hypersens", r"allerg", r"at least", r"interfere", r"combination", r"resist", r"fail",
    r"respon", r"\b(?:2|3|two|three)\b", r"investigational", r"cyp(?:[- ]?[23])",
)  # fmt: skip
ON_TKI = Words(
    ("tinib", "gleevec", "glivec", "tki", "kinase", "sti"),
    r"(?:\bon|receiving|taking|using|use of|under|treated with|treatment with|therapy with|received"
    rf"|respon\w+ to|prior|previous(?:ly)?)\b[^.;]{{0,40}}{_A_TKI}[^.;]{{0,60}}(?:currently"
    r"|at least|minimum|months|years|stable|achiev|respon|remission|ccyr|mmr|ongoing)",
    r"(?:currently|at least|minimum|months|years|stable|achiev\w*|respon\w*|remission|ccyr|mmr"
    r"|must (?:be|have))\b[^.;]{0,40}(?:\bon|of|receiving|taking|under|treated with"
    rf"|treatment with|therapy with|been on|received)\b[^.;]{{0,30}}{_A_TKI}",
    r"(?:patients?|cml|phase|subjects|participants)[^.;]{0,30} (?:\bon|under|receiving|taking"
    rf"|treated (?:with|by)|prescribed)\b[^.;]{{0,30}}{_A_TKI}",
    rf"\b(?:added|adding|add-on|addition)\b[^.;]{{0,30}} to\b[^.;]{{0,20}}{_A_TKI}",
    rf"^[^a-z]*(?:receiving|taking|prescribed|current\w*|under)\b[^.;]{{0,40}}{_A_TKI}",
    rf"{_A_TKI}[^.;]{{0,30}} (?:since|for) (?:at least|>|more than|minimum)",
)  # fmt: skip
