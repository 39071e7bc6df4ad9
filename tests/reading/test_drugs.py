"""One table knows every medicine by its generic name, brands and research codes."""

from __future__ import annotations

import pytest

from tests.reading.records import barring, joining, read
from trialfinder.reading.drugs import BY_NAME, TKIS, tkis
from trialfinder.reading.text import plain
from trialfinder.vocabulary import Approach, Relevance, Stance

BRANDS = {
    "imatinib": ["Gleevec", "Glivec", "Imkeldi", "Veenat", "Imalek", "Glamox", "Carcemia"],
    "dasatinib": ["Sprycel", "Phyrago"],
    "nilotinib": ["Tasigna", "Danziten"],
    "bosutinib": ["Bosulif"],
    "ponatinib": ["Iclusig"],
    "asciminib": ["Scemblix"],
    "radotinib": ["Supect"],
    "flumatinib": ["Hansoh Xinfu"],
    "olverembatinib": ["Nailike"],
}
CODES = {
    "imatinib": ["STI-571", "CGP-57148", "QTI-571"],
    "dasatinib": ["BMS-354825"],
    "nilotinib": ["AMN-107"],
    "bosutinib": ["SKI-606"],
    "ponatinib": ["AP-24534"],
    "asciminib": ["ABL-001"],
    "radotinib": ["IY-5511"],
    "flumatinib": ["HHGV-678"],
    "olverembatinib": ["HQP-1351", "GZD-824"],
    "vodobatinib": ["K-0706", "SCC-244"],
    "vamotinib": ["PF-114"],
    "ELVN-001": ["ELVN-001"],
    "TERN-701": ["TERN-701", "HS-10382"],
    "TGRX-678": ["TGRX-678"],
    "rebastinib": ["DCC-2036"],
    "danusertib": ["PHA-739358"],
    "tozasertib": ["MK-0457", "VX-680"],
    "bafetinib": ["INNO-406", "NS-187"],
    "AT9283": ["AT-9283"],
    "XL228": ["XL-228"],
    "KW-2449": ["KW-2449"],
}
NAMES = [
    (tki.name, spelling)
    for tki in TKIS
    for spelling in (
        tki.name,
        *BRANDS.get(tki.name, ()),
        *(code.replace("-", sign) for code in CODES.get(tki.name, ()) for sign in ("-", " ", "")),
    )
]


def seen(words: str) -> str:
    """Words as the reader sees them."""
    return plain(words)[0].lower()


# --- TKIs ------------------------------------------------------------------------------------


def test_each_tki_is_named_once_and_has_its_pattern() -> None:
    assert len({tki.name for tki in TKIS}) == len(TKIS)
    assert list(BY_NAME) == [tki.name for tki in TKIS]
    assert set(BRANDS) | set(CODES) <= set(BY_NAME)


@pytest.mark.parametrize(("name", "spelling"), NAMES)
def test_a_tki_is_known_by_name_brand_and_code(name: str, spelling: str) -> None:
    for words in (spelling, spelling.upper(), spelling.replace("-", "‑"), f"({spelling})"):
        text = seen(words)
        found = BY_NAME[name].search(text)

        assert found, words
        assert found.span() in tkis(text), words


@pytest.mark.parametrize(("name", "spelling"), NAMES)
def test_no_tki_is_taken_for_another(name: str, spelling: str) -> None:
    text = seen(f"resistant to {spelling} in chronic phase")

    assert [other for other, words in BY_NAME.items() if words.search(text)] == [name]


@pytest.mark.parametrize(("name", "spelling"), NAMES)
def test_a_record_may_name_a_tki_in_any_spelling(name: str, spelling: str) -> None:
    found = read(criteria=joining(f"CML resistant to {spelling}"))

    assert found.relevance is Relevance.YES
    assert found.prior_drugs == {name: Stance.REQUIRED}
    (quote,) = found.quotes(f"drug:{name}")
    assert spelling in quote.quote


def test_a_name_may_stand_on_two_lines() -> None:
    assert tkis("resistant to sti\n571")
    assert tkis("a tyrosine\nkinase inhibitor")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("imatinib, dasatinib and nilotinib", 3),
        ("gleevec (imatinib, sti571)", 3),
        ("a tki such as bosutinib", 2),
        ("tyrosine kinase inhibitors (tkis)", 2),
        ("bcr-abl inhibitor", 1),
        ("bcr::abl1 tyrosine kinase inhibitors", 1),
        ("second-generation tki", 1),
        ("interferon and hydroxyurea", 0),
        ("tyrosine kinase domain mutation", 0),
        ("350 mg of aspirin", 0),
        ("", 0),
    ],
)
def test_every_mention_of_a_tki_is_found(text: str, number: int) -> None:
    found = tkis(text)

    assert len(found) == number
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    "words",
    [
        "Ruxolitinib",
        "Ibrutinib",
        "Gefitinib",
        "Erlotinib",
        "Masitinib",
        "Midostaurin",
        "Pazopanib",
        "Panobinostat",
        "Fludarabine",
        "Statin",
        "Bosentan",
        "Ascites",
        "PF-04449913",
        "BMS-833923",
        "MK-2206",
        "AP23573",
        "BCR-ABL1",
        "ABL1",
        "an inhibitor of CYP3A4",
        "proton pump inhibitors",
    ],
)
def test_other_medicines_are_no_tkis(words: str) -> None:
    assert tkis(seen(words)) == ()
    assert not any(pattern.search(seen(words)) for pattern in BY_NAME.values())


# --- other medicines -------------------------------------------------------------------------

TREATMENTS = {
    Approach.TKI: [
        *("Imatinib", "Sprycel", "AMN107", "SKI-606", "Ponatinib", "ABL001", "Olverembatinib"),
        *("Radotinib", "Flumatinib", "Vodobatinib", "TERN-701", "ELVN-001", "TGRX-678"),
    ],
    Approach.IMMUNOTHERAPY: [
        *("Interferon alfa-2b", "Peginterferon alfa-2a", "Pegasys", "Ropeginterferon"),
        *("WT1 peptide vaccine", "Nivolumab", "Pembrolizumab", "Blinatumomab", "Aldesleukin"),
        *("CAR-T cells", "NK cells", "Donor lymphocyte infusion", "DLI", "IL-2", "Rituximab"),
    ],
    Approach.CHEMOTHERAPY: [
        *("Omacetaxine mepesuccinate", "Synribo", "Homoharringtonine", "Cytarabine", "Ara-C"),
        *("Decitabine", "Azacitidine", "Vidaza", "Hydroxyurea", "Hydrea", "Clofarabine"),
        *("Idarubicin", "Mitoxantrone", "Hyper-CVAD", "Troxacitabine", "Topotecan"),
    ],
    Approach.OTHER_TARGETED: [
        *("Panobinostat", "LBH589", "Vorinostat", "Tipifarnib", "Zarnestra", "Lonafarnib"),
        *("Alisertib", "AZD1152", "Glasdegib", "PF-04449913", "BMS-833923", "Ruxolitinib"),
        *("Venetoclax", "ABT-199", "Bortezomib", "Everolimus", "RAD001", "Arsenic trioxide"),
        *("Pioglitazone", "Simvastatin", "Metformin", "Hydroxychloroquine", "Selinexor"),
    ],
    Approach.TRANSPLANT: [
        *("Allogeneic stem cell transplantation", "Bone marrow transplant", "HSCT", "BMT"),
        *("Cord blood", "Total-body irradiation", "Anti-thymocyte globulin"),
    ],
    Approach.OBSERVATION_OR_SUPPORT: [
        *("Rasburicase", "Zoledronic acid", "Levofloxacin", "Voriconazole", "Questionnaire"),
        *("Quality-of-life assessment", "Placebo", "Massage", "Influenza vaccine", "Ondansetron"),
    ],
}


@pytest.mark.parametrize(
    ("approach", "name"), [(kind, name) for kind, names in TREATMENTS.items() for name in names]
)
def test_an_intervention_is_of_its_class(approach: Approach, name: str) -> None:
    found = read("A study of a treatment in people with CML", interventions=(("OTHER", name),))

    assert found.approaches == (approach,)
    assert found.quotes(f"approach:{approach}")[0].quote == name


# --- TKIs that came before -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criteria", "drugs"),
    [
        (joining("CML resistant to imatinib"), {"imatinib": Stance.REQUIRED}),
        (joining("CML intolerant of dasatinib"), {"dasatinib": Stance.REQUIRED}),
        (
            joining("CML resistant to dasatinib or nilotinib"),
            {"dasatinib": Stance.ACCEPTED, "nilotinib": Stance.ACCEPTED},
        ),
        (joining("CML resistant to imatinib or another TKI"), {"imatinib": Stance.ACCEPTED}),
        (barring("Prior treatment with ponatinib"), {"ponatinib": Stance.EXCLUDED}),
        (
            barring("Previously treated with Iclusig or ABL001"),
            {"ponatinib": Stance.EXCLUDED, "asciminib": Stance.EXCLUDED},
        ),
        (barring("Allergy to imatinib"), {}),
        (barring("Prior treatment with interferon"), {}),
        (joining("CML in any phase"), {}),
    ],
)
def test_earlier_tkis_are_named_by_their_generic_names(
    criteria: str, drugs: dict[str, Stance]
) -> None:
    assert read(criteria=criteria).prior_drugs == drugs
