"""Medicine names: the one table that every rule reads them from.

Names, brands and research codes of BCR::ABL1 inhibitors: NCI drug pages (2025-12-30), the PubChem
and MeSH synonym lists, openFDA labels (2026), company releases for olverembatinib (2024-02-13) and
flumatinib (2019-11-25), the 2015 ASH abstract for radotinib; investigational ones as their
registry records name them. Never expanded from the registry's own synonyms: those are polluted.
Other medicines: NCI's dictionary of cancer drugs, by class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from trialfinder.reading.patterns import any_of, pattern
from trialfinder.vocabulary import Approach


@dataclass(frozen=True, slots=True)
class Tki:
    """A BCR::ABL1 inhibitor: its generic name and the patterns of its spellings."""

    name: str
    spellings: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The patterns of its spellings where words start."""
        return tuple(rf"\b{spelling}" for spelling in self.spellings)


TKIS = (
    Tki("imatinib", (
        r"imat[ia]n[ia]?b", r"im?atinib", r"gleeve[ck]", r"glivec", r"imkeldi", r"veenat",
        r"imalek", r"glamox", r"carcemia", r"sti[- ]?5\d{2,3}", r"st1571", r"cgp[- ]?57148",
        r"qti[- ]?571", r"sti-?\b(?= resist| failure|-resist| therapy| treatment| and\b)",
    )),
    Tki("dasatinib", (r"dasat[ia]nib", r"sprycel", r"phyrago", r"bms[- ]?354825")),
    Tki("nilotinib", (r"nil[oi]tinib", r"tasigna", r"danziten", r"amn[- ]?107")),
    Tki("bosutinib", (r"bosutinib", r"bosulif", r"ski[- ]?606", r"pf-?0?5208763")),
    Tki("ponatinib", (r"ponatinib", r"iclusig", r"ap[- ]?24534")),
    Tki("asciminib", (r"asciminib", r"scemblix", r"abl[- ]?001\b")),
    Tki("radotinib", (r"radotinib", r"supect", r"iy[- ]?5511")),
    Tki("flumatinib", (r"flumatinib", r"hansoh xinfu", r"hhgv[- ]?678", r"hh-gv-678")),
    Tki("olverembatinib", (r"olverembatinib", r"hqp[- ]?1351", r"gzd[- ]?824", r"nailike")),
    Tki("vodobatinib", (r"vodobatinib", r"k[- ]?0706\b", r"scc[- ]?244\b")),
    Tki("vamotinib", (r"vamotinib", r"pf[- ]?114\b")),
    Tki("ELVN-001", (r"elvn[- ]?001",)),
    Tki("TERN-701", (r"tern[- ]?701", r"hs[- ]?10382")),
    Tki("TGRX-678", (r"tgrx[- ]?678",)),
    Tki("rebastinib", (r"rebastinib", r"dcc[- ]?2036")),
    Tki("danusertib", (r"danusertib", r"pha[- ]?739358")),
    Tki("tozasertib", (r"tozasertib", r"mk[- ]?0457", r"vx[- ]?680")),
    Tki("bafetinib", (r"bafetinib", r"inno[- ]?406", r"ns[- ]?187\b")),
    Tki("AT9283", (r"at[- ]?9283",)),
    Tki("XL228", (r"xl[- ]?228",)),
    Tki("KW-2449", (r"kw[- ]?2449",)),
)  # fmt: skip
"""The BCR::ABL1 inhibitors, those in use first."""

_NAMED_KINASE = (
    r"(?:t[hy]+rosine?|abl|abelson(?: \(abl\))?|bcr[-/: ]{0,3}abl1?)"
    r"(?:[- ](?:tyrosine|protein))?[- ]?kinase(?: \((?:tk|abl kinase)\))?[- ]?inhibit(?:ors?|ion)"
)
_CLASS = (
    _NAMED_KINASE,
    r"\b(?:tyrosine|abl)[- ]kinase (?:treatment|therap\w+|blockers?|drugs?|agents?|antagonists?)",
    r"\bsignal transduc\w+ inhibitors?(?: \(sti\))?",
    r"\btki'?s?\b",
    r"\btk-?i'?s?\b",
    r"\btk[- ]inhibitors?",
    r"\bkinase(?<!aurora kinase)(?<!janus kinase)(?<!pi3 kinase)(?<!polo-like kinase) inhibitors?",
    r"bcr[-/: ]{0,3}abl1?(?:[- ]targeted)?[- ]inhibitors?",
    r"\babl1?(?: kinase)? inhibitors?",
    r"(?:2nd|3rd|second|third)[- ]generation (?:inhibitors?|drugs?)",
)

_ANY_TKI = pattern(*(word for tki in TKIS for word in tki.words), *_CLASS)
"""A TKI by any of its names, or the class."""

BY_NAME = {tki.name: pattern(*tki.words) for tki in TKIS}
"""The pattern of each TKI."""

_TKI_STEMS = (
    "nib", "sertib", "tk", "kinase", "imat", "glee", "gliv", "abl ", "abl-", "abl1", "transduc",
    "generation", "sti-", "sti ", "sti)", "imkeldi", "veenat", "glamox", "carcemia", "sprycel",
    "phyrago", "tasigna", "danziten", "bosulif", "iclusig", "scemblix", "supect", "xinfu",
    "nailike", "imalek",
)  # fmt: skip
_CODES = (
    "571", "57148", "354825", "107", "606", "5208763", "24534", "001", "5511", "678", "1351", "824",
    "0706", "244", "114", "701", "10382", "2036", "739358", "0457", "680", "406", "187", "9283",
    "228", "2449", "sti5", "sti 5", "st1571",
)  # fmt: skip
_DIGITS = re.compile(r"\d{3}")
"""Codes have three digits in a row; every text that `_ANY_TKI` matches has a stem or a code."""


@lru_cache(maxsize=64)
def may_name_tki(text: str) -> bool:
    """Whether plain ``text``, however long, has letters or digits that a TKI is written with.

    Remembered for the fields of a record, as several rules ask for it.
    """
    return _may_name(text)


def _may_name(text: str) -> bool:
    return any_of(_TKI_STEMS, text) or bool(_DIGITS.search(text) and any_of(_CODES, text))


@lru_cache(maxsize=1024)
def tkis(text: str) -> tuple[tuple[int, int], ...]:
    """Where plain ``text`` names TKIs; remembered, as every rule asks for it."""
    if not _may_name(text):
        return ()
    return tuple(match.span() for match in _ANY_TKI.finditer(text))


TREATMENTS: dict[Approach, tuple[str, ...]] = {
    Approach.IMMUNOTHERAPY: (
        r"interferon", r"\bifn\b", r"\bintron", r"roferon", r"pegasys", r"pegintron", r"besremi",
        r"vaccin(?!ia)", r"peptide (?:immuni[sz]ation|vaccin)",
        r"\bantibod(?:y|ies)\b(?= therapy)", r"monoclonal antibod",
        r"antibody[- ]drug conjugate", r"bispecific", r"anti-\w+ antibod",
        r"donor (?:\w+ ){0,2}(?:lymphocyte|leu[ck]ocyte|t[- ]cell|cell) infus",
        r"lymphocyte infusion", r"\bdlis?\b", r"\bcar[- ]?t\b", r"chimeric antigen",
        r"(?:natural killer|\bnk)[- ]cells?", r"killer cell", r"cytotoxic t[- ]",
        r"t[- ]?cell (?:therapy|infusion)", r"interleukin[- ]?\d", r"\bil-?(?:2|7|12|15)\b",
        r"aldesleukin", r"l[iu]mab\b", r"zumab\b(?<!bevacizumab)", r"ximab\b", r"omab\b",
        r"mylotarg", r"gemtuzumab", r"ozogamicin", r"campath(?!\w)", r"rituxan", r"nivolumab",
        r"pembrolizumab", r"blinatumomab", r"immunotherap", r"biological therapy",
        r"cytokine[- ]induced", r"dendritic cell", r"xmab\d+", r"moxetumomab", r"tagraxofusp",
        r"montanide", r"isa-?51", r"adjuvant", r"sl-401", r"immunotoxin",
        r"lymphocyte immun", r"donor (?:t[- ]cell|lymphocyte)s?\b",
    ),
    Approach.CHEMOTHERAPY: (
        r"omacetaxine", r"homoharringtonine", r"\bhht\b", r"synribo", r"ceflatonin", r"cytarabine",
        r"\bara-?c\b", r"decitabine", r"dacogen", r"azacitidine", r"azacytidine", r"vidaza",
        r"hydroxyurea", r"hydroxycarbamide", r"hydrea", r"chemotherap", r"clofarabine",
        r"idarubicin", r"daunorubicin", r"mitoxantrone", r"etoposide", r"tecan\b",
        r"pemetrexed", r"vincristine", r"hyper-?cvad", r"\bflag\b", r"troxacitabine",
        r"tezacitabine", r"nelarabine", r"506u78", r"deoxycoformycin", r"pentostatin",
        r"cladribine", r"fludarabine", r"cyclophosphamide", r"melphalan", r"busulfan", r"thiotepa",
        r"methotrexate", r"carboplatin", r"cisplatin", r"gemcitabine", r"cpx-?351", r"vyxeos",
        r"mercaptopurine", r"thioguanine", r"asparaginase", r"doxorubicin", r"laromustine",
        r"cloretazine", r"temozolomide", r"sapacitabine", r"guadecitabine", r"sgi-110",
        r"cordycepin", r"ixabepilone", r"fluorouracil", r"docetaxel", r"capecitabine",
        r"oxaliplatin", r"ifosfamide", r"dacarbazine", r"mitomycin", r"bleomycin",
        r"vin(?:blastine|orelbine|desine)", r"deoxycytidine", r"dolastatin", r"treosulfan",
        r"elacytarabine", r"triapine", r"amonafide", r"carmustine", r"bendamustine", r"lomustine",
        r"bendamustine", r"trabectedin", r"paclitaxel",
    ),
    Approach.OTHER_TARGETED: (
        r"vorinostat", r"panobinostat", r"lbh[- ]?589", r"entinostat", r"belinostat", r"valpro",
        r"romidepsin", r"depsipeptide", r"tipifarnib", r"zarnestra", r"r115777", r"lonafarnib",
        r"sch[- ]?66336", r"farnesyl", r"aurora", r"alisertib", r"barasertib", r"azd1152",
        r"hedgehog", r"glasdegib", r"pf-04449913", r"sonidegib", r"\blde-?225", r"bms-?833923",
        r"vismodegib", r"ruxolitinib", r"jakafi", r"fedratinib", r"pacritinib", r"\bjak\b",
        r"venetoclax", r"abt-?199", r"navitoclax", r"obatoclax", r"bcl-?2", r"bortezomib",
        r"velcade", r"carfilzomib", r"ixazomib", r"proteasome", r"everolimus", r"rad ?001",
        r"temsirolimus", r"cci-779", r"ridaforolimus", r"\bmtor\b", r"bez-?235", r"arsenic",
        r"trisenox", r"thalidomide", r"lenalidomide", r"revlimid", r"pomalidomide",
        r"flavopiridol", r"alvocidib", r"dinaciclib", r"\bcdk\b", r"17-?aag", r"tanespimycin",
        r"hsp-?90", r"alvespimycin", r"bryostatin", r"sorafenib", r"axitinib", r"sunitinib",
        r"midostaurin", r"pkc412", r"gilteritinib", r"quizartinib", r"selumetinib", r"trametinib",
        r"binimetinib", r"mek[- ]?162", r"\bmek\b", r"perifosine", r"\bakt\b", r"\bpi3k\b",
        r"oblimersen", r"genasense", r"antisense", r"bp-?1001", r"prexigebersen", r"gti-?2040",
        r"hydroxychloroquine", r"chloroquine", r"pioglitazone", r"rosiglitazone", r"zileuton",
        r"celecoxib", r"(?:simva|atorva|prava|rosuva|lova|fluva)statin", r"metformin",
        r"tretinoin", r"\batra\b", r"bexarotene", r"vitamin a", r"vitamin d", r"bevacizumab",
        r"ibrutinib", r"acalabrutinib", r"deferasirox", r"mln\d+", r"pevonedistat", r"selinexor",
        r"kpt-?330", r"tazemetostat", r"bl-?8040", r"crizotinib", r"erlotinib", r"gefitinib",
        r"lapatinib", r"osimertinib", r"veliparib", r"olaparib", r"adaphostin", r"phenylbutyrate",
        r"ezatiostat", r"rigosertib", r"ontak|denileukin", r"on ?01910", r"leptomycin",
        r"terameprocol", r"em-?1421", r"seliciclib", r"telaglenastat", r"apr-?246", r"mdm2",
        r"rg7112", r"rg7388", r"idasanutlin", r"\bcc-?\d{3,5}\b", r"azd\d{4}", r"\bmk-?\d{4}\b",
        r"ly\d{6,7}", r"\bgsk\d+", r"kb004", r"histone deacetylase", r"hdac", r"semaxanib",
        r"su5416", r"su11248", r"vatalanib", r"ptk787", r"cep-?701", r"lestaurtinib",
        r"tandutinib", r"cobimetinib", r"ulocuplumab", r"imetelstat", r"crenolanib",
        r"palbociclib", r"enasidenib", r"ivosidenib",
    ),
    Approach.TRANSPLANT: (
        r"transplant", r"\bhs?ct\b", r"\bhsct\b", r"\bbmt\b", r"\bsct\b", r"\bpbsct?\b",
        r"conditioning", r"graft[- ]versus[- ]host", r"graft[- ]vs\.?[- ]host", r"\bgvhd\b",
        r"cord blood", r"stem cell (?:infusion|support|rescue|graft)",
        r"total[- ]body irradiation", r"\btbi\b", r"marrow irradiation",
        r"haploidentical(?! donor| nk| natural| t[- ]cell)",
        r"t[- ]cell[- ]deplet", r"anti-?thymocyte", r"\batg\b", r"thymoglobulin", r"allograft",
        r"hematopoietic progenitor",
    ),
}  # fmt: skip
"""What each approach other than `tki` is called in titles, arms and interventions."""

PREPARING = (
    r"fludarabine", r"fludara", r"busulfan", r"busulfex", r"cyclophosphamide", r"cytoxan",
    r"melphalan", r"thiotepa", r"treosulfan", r"methotrexate", r"etoposide", r"cytarabine",
    r"ara-c", r"carmustine", r"bendamustine", r"alemtuzumab", r"campath", r"rituximab",
    r"anti-?thymocyte", r"thymoglobulin", r"\batg\b", r"clofarabine", r"pentostatin",
    r"idarubicin", r"chemotherap", r"cyclospor", r"ciclospor", r"tacrolimus", r"prograf",
    r"mycophenol", r"cellcept", r"\bmmf\b", r"sirolimus", r"rapam", r"predniso", r"dexamethasone",
    r"hydrocortisone", r"filgrastim", r"sargramostim", r"gm?-?csf", r"mesna", r"radiat",
    r"irradiat", r"leucovorin", r"abatacept", r"plerixafor", r"leucovorin", r"folinic", r"mozobil",
    r"amd3100", r"basiliximab", r"daclizumab", r"infliximab", r"etanercept",
)  # fmt: skip
"""Medicines that prepare for a transplant or keep its graft; beside one they are part of it."""

SUPPORTING = (
    r"\bscans?\b", r"x-?ray",
    r"rasburicase", r"ribavirin", r"palivizumab", r"allopurinol", r"amifostine", r"palifermin",
    r"pamidron", r"zoledron", r"alendron", r"(?<!leucovorin )\bcalcium\b(?! folin)", r"vitamin",
    r"lactobacill", r"probiotic", r"floxacin", r"cillin", r"cef\w{3,}", r"vancomycin",
    r"voriconazole", r"fluconazole", r"posaconazole", r"itraconazole", r"fungin",
    r"amphotericin", r"ganciclovir", r"acyclovir", r"foscarnet", r"maribavir", r"letermovir",
    r"defibrotide", r"ursodiol", r"ondansetron", r"granisetron", r"palonosetron", r"aprepitant",
    r"morphine", r"fentanyl", r"oxycodone", r"methadone", r"epoetin", r"erythropoietin",
    r"darbepoetin", r"romiplostim", r"eltrombopag", r"deferasirox", r"deferoxamine", r"\biron\b",
    r"drug monitoring", r"plasma (?:\w+ )?(?:level|concentration|measure)", r"trough", r"\bdxa\b",
    r"blood tests?", r"bone age", r"ultraso", r"doppler", r"\bscores?\b",
    r"no intervention", r"serolog", r"elispot",
    r"documentation", r"chart review", r"sars[- ]?cov", r"covid", r"bnt162",
    r"pill bottle", r"\bapplication\b", r"coaching",
    r"mobile app", r"smartphone", r"reminder", r"text messag",
    r"questionnaire", r"quality[- ]of[- ]life", r"counsel", r"exercise", r"internet", r"psycho",
    r"assessment", r"management", r"education", r"placebo", r"observation", r"survey",
    r"interview", r"telephone", r"diet", r"nutrition", r"massage", r"music", r"acupunct",
    r"transfusion", r"tomography", r"imaging", r"sampling", r"blood draw", r"immune globulin",
    r"immunoglobulin", r"dexrazoxane", r"caspofungin", r"standard (?:of )?care", r"usual care",
    r"metoprolol", r"carvedilol", r"lisinopril", r"insulin", r"leuprolide", r"oral care",
    r"follow-?up",
    r"(?:influenza|pneumococcal|zoster|varicella|hepatitis|meningo\w+|tetanus|pneumonia|prevnar|v114)[^.;]{0,20}",
)  # fmt: skip
"""Interventions that treat side effects, prevent infection or observe."""

NEW_TKI = pattern(
    r"\b(?!(?:ruxoli|fedra|pacri|momelo|gilteri|quizar|ibru|acalabru|zanubru|pirtobru|erlo|gefi|osimer"
    r"|afa|lapa|nera|tuca|suni|axi|cabozan|lenva|crizo|alec|ceri|lorla|masi|avapri|tofaci|barici"
    r"|upadaci|fostama|entosple|lestaur|tandu|capma|tepo|selperca|pralse|larotrec|entrec|pemiga"
    r"|infigra|futiba|erdafi|brigatini?|dacomi|savoli|fruquin|surufa|anlo|apa|famiti)"
    r"(?:tinib|minib|b|nib)?)\w{3,12}(?:tinib|minib)\b"
)
"""A name that ends like those of TKIs and is not known as another disease's: a new one, in CML."""
