"""The Spanish words are whole: as many as the English ones, with the same sources, as plain.

What cannot be tested here is that they mean the same: a person has to read them side by side.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import trialfinder.content
from tests.content.test_messages import flat, gaps
from tests.support.spanish_reading import FAIRLY_EASY, NORMAL, ease, level, syllables
from trialfinder.content.reading_grade import blocks
from trialfinder.content.texts import Source, Text, parse_text

CONTENT = Path(trialfinder.content.__file__).parent
NAMES = sorted(
    {
        str(file.relative_to(CONTENT / language))
        for language in ("en", "es")
        for file in (CONTENT / language).glob("*/*.md")
    }
)
every_name = pytest.mark.parametrize("name", NAMES)

SAME_IN_BOTH = {"details.no", "situation.no", "ledger.step", "distance.limit"}
"""Sentences of `messages.toml` that are the same in both languages; the names of TKIs are too."""

OPTION_HEADINGS = [
    "Qué es",
    "Cuándo lo piensan los médicos",
    "Qué puede significar en la vida diaria",
    "Qué se sabe hoy",
    "Preguntas para hacer",
]

BANNED = {
    "a verdict on joining": r"\b(?:in)?elegib\w*|\b(?:usted )?(?:califica|cumple los requisitos)\b",
    "research language": r"\b(?:sujetos?|brazos?|cohortes?|criterios? de valoración)\b",
    "a score": r"%|\bpor ?cientos?\b|\bporcentajes?\b|\bpuntuaci\w+|\bpuntajes?\b",
    "a recommendation": (
        r"\brecomi?end\w*|\baconsej\w+|\bconviene\b"
        r"|\busted (?:debe|debería|tiene que|necesita)\b|\bmejor opción\b"
    ),
    "an exclamation mark": r"[¡!]",
    "an emoji": "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]",
    "not usted": r"\b(?:tú|tu|tus|te|ti|contigo|vos|os|vosotr\w+|vuestr\w+)\b",
    "trials are estudios": r"\bensayos?\b",
    "sites are centros": r"\bsedes?\b",
    "records are fichas": r"\b(?:sus?|cada|este|estos) registros?\b",
    "a TKI is an ITC": r"\bTKIs?\b|\bITK\b|\bquinasas?\b",
    "CML is LMC": r"\bCML\b|\bmiel(?:ógena|ocítica)\b",
    "quotation marks": '["«»]',
}
ALLOWED = (
    "(en inglés, TKI)",
    "“Treating CML: What Happens if a TKI Stops Working”",
    "“CML” (LMC en inglés)",
    "CML Support Group",
    "CML Advocates Network",
    '--near "Houston, TX"',
)
"""Names, what is said once of the English words, and what is typed as it stands."""

_COUNT = r"(?:\s+(?:\d|[IV]+|y|temprana))*"
PHASE = re.compile(
    r"\bfases?\b"
    rf"(?P<trial>{_COUNT} del estudio\b)?"
    r"(?P<cml> crónica\b| acelerada\b| blástica\b| de (?:la|su) LMC\b)?"
    r"(?P<number>\s+(?:\d|[IV]+\b))?",
    re.IGNORECASE,
)


def wording_faults(text: str) -> list[str]:
    """What is wrong with the words of a Spanish text that a visitor reads; empty if nothing is."""
    text = re.sub(r"\{\w+\}", "…", text)
    for allowed in ALLOWED:
        text = text.replace(allowed, "")
    faults = [
        f"{fault}: {found[0]!r}"
        for fault, pattern in BANNED.items()
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]
    for found in PHASE.finditer(text):
        if not (found["trial"] or found["cml"]):
            faults.append(f"which phase: {text[found.start() :][:40]!r}")
        elif found["number"] and found["cml"]:
            faults.append(f"a number on a CML phase: {found[0]!r}")
    return faults


@cache
def sentences(language: str) -> dict[str, str]:
    file = CONTENT / language / "messages.toml"
    return dict(flat(tomllib.loads(file.read_text(encoding="utf-8"))))


@cache
def text_of(language: str, name: str) -> Text:
    file = CONTENT / language / name
    return parse_text(file.name, file.read_text(encoding="utf-8"))


def body(language: str, name: str) -> str:
    """The Markdown of a content file as written, with its source markers."""
    return (CONTENT / language / name).read_text(encoding="utf-8").split("\n+++\n", 1)[1]


def parts(language: str, name: str) -> list[str]:
    """What stands before the first heading, and under each heading, with its source markers."""
    return re.split(r"^## .*$", body(language, name), flags=re.MULTILINE)


def both(name: str) -> Iterator[tuple[str, str]]:
    """The paragraphs and bullets of a file, each in English and in Spanish."""
    pairs = zip(blocks(body("en", name)), blocks(body("es", name)), strict=True)
    return iter(pairs)


def markers(text: str) -> list[str]:
    return re.findall(r"\[\^([\w-]+)\]", text)


def numbers(text: str) -> list[str]:
    """The numbers of a text but for those in its source markers; also those in codes and phones."""
    return sorted(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\[\^[\w-]+\]", "", text)))


def as_typed(text: str) -> list[str]:
    """Addresses, options, file formats and names of settings: what is the same in any language."""
    return sorted(
        re.findall(
            r"https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:gov|org|net|uk)\b|--[a-z]+\b"
            r"|\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:JSON|CSV|UTC|NCT|RECRUITING)\b",
            text,
        )
    )


# --- messages --------------------------------------------------------------------------------


def test_every_sentence_is_there_in_both_languages() -> None:
    english, spanish = sentences("en").keys(), sentences("es").keys()

    assert sorted(english - spanish) == []
    assert sorted(spanish - english) == []


def test_every_sentence_has_the_same_gaps() -> None:
    spanish = sentences("es")

    assert [k for k, text in sentences("en").items() if gaps(text) != gaps(spanish[k])] == []


def test_every_sentence_is_spanish() -> None:
    spanish = sentences("es")
    same = {k for k, text in sentences("en").items() if text == spanish[k]}

    assert {key for key in same if not key.startswith("tki.")} == SAME_IN_BOTH


def test_what_is_typed_or_counted_is_the_same() -> None:
    spanish = sentences("es")
    for key, text in sentences("en").items():
        assert numbers(text) == numbers(spanish[key]), key
        if not key.startswith(("csv.columns.", "errors.unreadable.")):  # our name of the NCT ID
            assert as_typed(text) == as_typed(spanish[key]), key


def test_blanks_at_the_ends_are_the_same() -> None:
    spanish = sentences("es")
    for key, text in sentences("en").items():
        own = spanish[key]
        assert (text[:1] == " ", text[-1:] == " ") == (own[:1] == " ", own[-1:] == " "), key
        assert own.strip()


def test_a_question_is_a_question_and_a_sentence_a_sentence() -> None:
    spanish = sentences("es")
    for key, text in sentences("en").items():
        own = spanish[key]
        assert text.endswith("?") == own.endswith("?"), key
        assert text.endswith(".") == own.endswith("."), key
        assert own.count("¿") == own.count("?"), key


def test_the_months_are_twelve() -> None:
    assert sentences("es")["months.names"].split() == [
        *("ene", "feb", "mar", "abr", "may", "jun"),
        *("jul", "ago", "sep", "oct", "nov", "dic"),
    ]


def test_names_of_files_are_plain() -> None:
    for key, text in sentences("es").items():
        if key.startswith("shortlist.file_") or key == "shortlist.sample_file":
            assert text.isascii(), key
            assert " " not in text, key


# --- texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@every_name
def test_every_text_is_there_in_both_languages(language: str, name: str) -> None:
    assert (CONTENT / language / name).is_file()


@every_name
def test_a_text_has_the_same_place_date_and_sources(name: str) -> None:
    english, spanish = text_of("en", name), text_of("es", name)

    assert (spanish.order, spanish.reviewed) == (english.order, english.reviewed)
    assert [undated(one) for one in spanish.sources] == [undated(one) for one in english.sources]
    assert spanish.title != english.title


def undated(source: Source) -> Source:
    """A source without the words for its date, which are translated."""
    return replace(source, date="")


_ENGLISH_DATES = re.compile(
    r"\b(?:no date|read|updated|reviewed|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b"
)


@every_name
def test_the_dates_of_sources_are_translated_with_their_numbers(name: str) -> None:
    for own, other in zip(text_of("es", name).sources, text_of("en", name).sources, strict=True):
        assert not _ENGLISH_DATES.search(own.date)
        assert re.findall(r"\d+", own.date) == re.findall(r"\d+", other.date)


@every_name
def test_a_text_has_the_same_parts(name: str) -> None:
    english, spanish = text_of("en", name).sections, text_of("es", name).sections

    assert len(spanish) == len(english)
    for own, other in zip(spanish, english, strict=True):
        assert (own.heading is None) == (other.heading is None)
        assert own.heading is None or own.heading != other.heading
    for own_part, other_part in zip(parts("es", name), parts("en", name), strict=True):
        assert len(blocks(own_part)) == len(blocks(other_part))
        for bullet in (r"^- ", r"^(?!- )\S"):
            own_count, other_count = (
                len(re.findall(bullet, part, re.MULTILINE)) for part in (own_part, other_part)
            )
            assert own_count == other_count, own_part[:60]


@every_name
def test_a_statement_has_the_same_sources(name: str) -> None:
    assert [markers(own) for _, own in both(name)] == [markers(other) for other, _ in both(name)]


@every_name
def test_numbers_and_addresses_are_the_same(name: str) -> None:
    for other, own in both(name):
        assert numbers(own) == numbers(other), own
        assert as_typed(own) == as_typed(other), own


@every_name
def test_what_is_stressed_and_what_is_asked_is_the_same(name: str) -> None:
    for other, own in both(name):
        assert own.count("**") == other.count("**"), own
        assert own.endswith("?") == other.endswith("?"), own
        assert own.count("¿") == own.count("?"), own


@every_name
def test_what_is_new_since_the_article_is_marked_alike(name: str) -> None:
    for other, own in both(name):
        assert own.startswith("Nuevo desde el artículo:") == (
            other.startswith("New since the article:")
        ), own


@every_name
def test_a_text_is_plain_markdown(name: str) -> None:
    text = body("es", name)

    assert not re.search(r"[<>$`~|]|\]\(|!\[|https?:|&\w+;", text)
    assert set(re.findall(r"^ *#+ *", text, re.MULTILINE)) <= {"## "}


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("options")])
def test_an_option_has_the_same_five_parts(name: str) -> None:
    option = text_of("es", name)

    assert [section.heading for section in option.sections] == OPTION_HEADINGS
    for question in blocks(option.sections[-1].body):
        assert question.startswith("¿")
        assert question.endswith("?")


# --- wording ---------------------------------------------------------------------------------


def spoken() -> Iterator[object]:
    """Every piece of Spanish text that a visitor reads, with a name for it."""
    for key, sentence in sentences("es").items():
        yield pytest.param(sentence, id=key)
    for name in NAMES:
        text = text_of("es", name)
        yield pytest.param(text.title, id=f"{text.key}: title")
        for section in text.sections:
            heading = section.heading or ""
            yield pytest.param(f"{heading}\n{section.body}", id=f"{text.key}: {heading}")


@pytest.mark.parametrize("text", list(spoken()))
def test_the_words_keep_the_rules(text: str) -> None:
    assert wording_faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Usted es elegible.",
        "La elegibilidad está clara.",
        "Dos sujetos entraron.",
        "El brazo de control recibió imatinib.",
        "Encaja un 87 %.",
        "Encaja un 87 por ciento.",
        "Recomendamos este estudio.",
        "Le recomiendo este estudio.",
        "Usted debería cambiar.",
        "¡Buenas noticias!",
        "Buenas noticias \U0001f600",
        "Llama a tu equipo.",
        "Un ensayo clínico.",
        "Otro TKI.",
        "La CML avanza.",
        "Es un estudio de fase 2.",
        "¿En qué fase está?",
        "Las fases son distintas.",
        "En fase avanzada.",
        "Es para personas en fase blástica 2.",
    ],
)
def test_the_wording_rules_can_fail(text: str) -> None:
    assert wording_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "Fase del estudio: {phases}",
        "¿Por qué terminó {tki}?",
        "Abarca las fases 1 y 2 del estudio.",
        "Fase 1 temprana del estudio",
        "Las fases del estudio no son las fases de la LMC.",
        "LMC en fase crónica, acelerada o blástica.",
        "Hasta dónde ha llegado. No es la fase de su LMC.",
        "El abrazo del equipo.",
    ],
)
def test_the_wording_rules_leave_good_words_alone(text: str) -> None:
    assert wording_faults(text) == []


# --- plain -----------------------------------------------------------------------------------

SHORT = 8
"""Words: what has fewer is a label, and its ease says nothing."""

STAND_INS = {"place": "Houston", "within": "diez millas"}
_END = re.compile(r"(?<=[.!?:])[\"”’)]*\s+")


def by_section() -> dict[str, str]:
    """The sentences of some length, with a short word in each gap, by section of the messages."""
    found: dict[str, list[str]] = {}
    for key, text in sentences("es").items():
        filled = text.format_map({name: STAND_INS.get(name, "diez") for name in gaps(text)})
        long = [one for one in _END.split(filled) if len(one.split()) >= SHORT]
        found.setdefault(key.split(".", 1)[0], []).extend(long)
    return {name: "\n\n".join(long) for name, long in found.items() if long}


@every_name
def test_a_text_is_fairly_easy(name: str) -> None:
    assert ease(body("es", name)) >= FAIRLY_EASY


@pytest.mark.parametrize(
    "section",
    [
        pytest.param(section.body, id=f"{name}: {section.heading}")
        for name in NAMES
        if name.startswith("options")
        for section in text_of("es", name).sections
    ],
)
def test_a_part_of_an_option_is_no_harder_than_normal(section: str) -> None:
    assert ease(section) >= NORMAL


@pytest.mark.parametrize("name", by_section())
def test_a_section_of_the_messages_is_no_harder_than_normal(name: str) -> None:
    assert ease(by_section()[name]) >= NORMAL


def test_the_messages_are_fairly_easy() -> None:
    assert ease("\n\n".join(by_section().values())) >= FAIRLY_EASY


# --- the measure -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "count", "sounds"),
    [
        ("El gato está en la casa.", 6, 1, 9),
        ("Un ITC es una pastilla. ¿Funciona?", 6, 2, 13),
        ("- Hay 2 fases [^pdq]\n- **Pregunte** a su equipo: 1-800-422-6237", 7, 2, 12),
        ("## No se cuenta\n\nPregunte a\nsu equipo [1].", 4, 1, 8),
    ],
)
def test_ease_is_the_published_formula(text: str, words: int, count: int, sounds: int) -> None:
    expected = 206.835 - 62.3 * sounds / words - words / count

    assert ease(text) == pytest.approx(expected)


def test_a_university_sentence_is_hard() -> None:
    sentence = (
        "La inhibición alostérica del bolsillo de miristoílo demuestra considerables posibilidades"
        " terapéuticas en individuos cuya enfermedad es refractaria a inhibidores convencionales"
        " competitivos, no obstante la heterogeneidad de los mecanismos de resistencia."
    )

    assert level(ease(sentence)) == "muy difícil"


@pytest.mark.parametrize("text", ["", "  \n\n", "## Solo un título", "[^pdq]"])
def test_a_text_without_words_has_no_ease(text: str) -> None:
    with pytest.raises(ValueError, match="without words"):
        ease(text)


@pytest.mark.parametrize(
    ("figure", "name"),
    [
        (100.0, "muy fácil"),
        (80.0, "muy fácil"),
        (79.9, "bastante fácil"),
        (65.0, "bastante fácil"),
        (64.9, "normal"),
        (55.0, "normal"),
        (54.9, "algo difícil"),
        (40.0, "algo difícil"),
        (39.9, "muy difícil"),
        (-5.0, "muy difícil"),
    ],
)
def test_the_levels_are_those_of_the_scale(figure: float, name: str) -> None:
    assert level(figure) == name


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1),
        ("y", 1),
        ("muy", 1),
        ("hoy", 1),
        ("que", 1),
        ("día", 2),
        ("país", 2),
        ("aquí", 2),
        ("guía", 2),
        ("leer", 2),
        ("ayuda", 3),
        ("ciudad", 2),
        ("después", 2),
        ("estudio", 3),
        ("construido", 3),
        ("lingüística", 4),
        ("continúa", 4),
        ("héroe", 3),
        ("leucemia", 3),
        ("mieloide", 3),
        ("células", 3),
        ("cinasa", 3),
        ("mutación", 3),
        ("quimioterapia", 5),
        ("medicamento", 5),
        ("ITC", 3),
        ("LMC", 5),
        ("T315I", 7),
        ("2021", 6),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(("word", "said", "counted"), [("prohibir", 2, 3), ("ZIP", 1, 4)])
def test_the_syllable_rule_has_the_limits_its_docstring_names(
    word: str, said: int, counted: int
) -> None:
    assert syllables(word) == counted != said
