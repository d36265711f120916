"""MODEL WORDS: what may be wrong with a field of a file, in English and Dutch. None holds the value that was given."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

_MAPPING: Final = Words(
    "should be a mapping of keys to values", "hoort uit sleutels met elk een waarde te bestaan, zoals naam: waarde"
)
_LIST: Final = Words("should be a list", "hoort een lijst te zijn")
_WHOLE: Final = Words("should be a whole number", "hoort een heel getal te zijn")
_NUMBER: Final = Words("should be a number", "hoort een getal te zijn")
_TRUE_FALSE: Final = Words("should be true or false", "hoort true of false te zijn")
_REFUSED: Final = Words("is not allowed", "mag niet")
_DATE: Final = Words("should be a date, like 2026-01-31", "hoort een datum te zijn, zoals 2026-01-31")
_MOMENT: Final = Words(
    "should be a time with a zone, like 2026-01-31T12:00:00Z",
    "hoort een tijd met een zone te zijn, zoals 2026-01-31T12:00:00Z",
)
KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "missing": Words("is missing. Add it", "ontbreekt. Voeg het toe"),
        "extra_forbidden": Words("is not a key we know. Remove it", "is geen sleutel die wij kennen. Haal die weg"),
        "string_type": Words(
            "should be text. Put it between quotes", "hoort tekst te zijn. Zet het tussen aanhalingstekens"
        ),
        "model_type": _MAPPING,
        "model_attributes_type": _MAPPING,
        "dict_type": _MAPPING,
        "list_type": _LIST,
        "tuple_type": _LIST,
        "int_type": _WHOLE,
        "int_parsing": _WHOLE,
        "int_from_float": _WHOLE,
        "float_type": _NUMBER,
        "float_parsing": _NUMBER,
        "bool_type": _TRUE_FALSE,
        "bool_parsing": _TRUE_FALSE,
        "json_invalid": Words("should be JSON", "hoort JSON te zijn"),
        "value_error": _REFUSED,
        "assertion_error": _REFUSED,
        "date_type": _DATE,
        "date_parsing": _DATE,
        "date_from_datetime_parsing": _DATE,
        "datetime_type": _MOMENT,
        "datetime_parsing": _MOMENT,
        "datetime_from_date_parsing": _MOMENT,
        "timezone_aware": _MOMENT,
        "time_delta_type": Words(
            "should be a duration, like PT15M or P2D", "hoort een tijdsduur te zijn, zoals PT15M of P2D"
        ),
        "time_delta_parsing": Words(
            "should be a duration, like PT15M or P2D", "hoort een tijdsduur te zijn, zoals PT15M of P2D"
        ),
        "uuid_parsing": Words("should be a UUID", "hoort een UUID te zijn"),
        "url_parsing": Words(
            "should be an address, like https://partner.example/fhir",
            "hoort een adres te zijn, zoals https://partner.example/fhir",
        ),
    }
)
"""By pydantic's kinds of faults; the others have a sentence of their own below, or pydantic's."""

SHAPES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        r"^[a-z0-9][a-z0-9-]{0,62}$": Words(
            "should be small letters, digits and hyphens, like veenhof-zaken",
            "hoort uit kleine letters, cijfers en streepjes te bestaan, zoals veenhof-zaken",
        ),
        r"^[a-z0-9]+(-[a-z0-9]+)*-[0-9]+$": Words(
            "should be a pseudonym that ends in a number, like af-veenhof-1, and nobody's name",
            "hoort een pseudoniem te zijn dat op een nummer eindigt, zoals af-veenhof-1, en niemands naam",
        ),
        r"^[A-Za-z0-9._-]{1,200}$": Words(
            "should be a topic's name: letters, digits, dots, underscores and hyphens",
            "hoort de naam van een topic te zijn: letters, cijfers, punten, onderstrepingen en streepjes",
        ),
        r"^[A-Za-z0-9._-]+$": Words(
            "should be letters, digits, dots, underscores and hyphens, without spaces",
            "hoort uit letters, cijfers, punten, onderstrepingen en streepjes te bestaan, zonder spaties",
        ),
        r"^(urn|https?):\S+$": Words(
            "should be a URN or an address without spaces, like urn:nld:kvknr:00000009:systeem:app",
            "hoort een URN of een adres zonder spaties te zijn, zoals urn:nld:kvknr:00000009:systeem:app",
        ),
        r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$": Words(
            "should be a URI without spaces, like http://www.kvk.nl/",
            "hoort een URI zonder spaties te zijn, zoals http://www.kvk.nl/",
        ),
        r"^(GM\d{4}|[EW]\d{8})$": Words(
            "should be a municipality's code, like GM0193 or E09000012",
            "hoort de code van een gemeente te zijn, zoals GM0193 of E09000012",
        ),
        r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|mounted:[A-Za-z0-9][A-Za-z0-9._-]*)$": Words(
            "should say where the secret is: env:NAME, file:PATH or mounted:NAME. Never write it here",
            "hoort te zeggen waar het geheim staat: env:NAAM, file:PAD of mounted:NAAM. Schrijf het nooit hier",
        ),
        r"^sha256/[A-Za-z0-9+/]{43}=$": Words(
            "should be sha256/ and the 44 characters of a base64 digest",
            "hoort sha256/ te zijn, en dan de 44 tekens van een digest in base64",
        ),
        r"^Task\?\S+$": Words(
            "should be a search for Tasks, like Task?status=accepted",
            "hoort een zoekvraag naar Tasks te zijn, zoals Task?status=accepted",
        ),
        r"^$|^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$": Words(
            "should be host:port, like 127.0.0.1:8443", "hoort host:poort te zijn, zoals 127.0.0.1:8443"
        ),
        r"^\+?[0-9][0-9 ()-]{1,22}[0-9]$": Words(
            "should be a telephone number, like +31 38 000 0000",
            "hoort een telefoonnummer te zijn, zoals +31 38 000 0000",
        ),
    }
)
"""By the pattern that a text should have."""

OTHER_SHAPE: Final = Words("should be written as {}", "hoort de vorm {} te hebben")
ONE_OF: Final = Words("should be {}", "hoort te zijn: {}")
TAG_ONE_OF: Final = Words("should have as {} one of {}", "hoort als {} een van deze te hebben: {}")
TAG_MISSING: Final = Words("should say {}", "hoort {} te noemen")
LONG_AT_LEAST: Final = Words("should be at least {} long", "hoort minstens {} lang te zijn")
LONG_AT_MOST: Final = Words("should be at most {} long", "hoort hoogstens {} lang te zijn")
HAVE_AT_LEAST: Final = Words("should have at least {} entries", "hoort er minstens {} te hebben")
HAVE_AT_MOST: Final = Words("should have at most {} entries", "hoort er hoogstens {} te hebben")
LIMITS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "ge": Words("should be at least {}", "hoort minstens {} te zijn"),
        "gt": Words("should be more than {}", "hoort meer dan {} te zijn"),
        "le": Words("should be at most {}", "hoort hoogstens {} te zijn"),
        "lt": Words("should be less than {}", "hoort minder dan {} te zijn"),
    }
)
INVALID: Final = Words("is not valid ({})", "is niet geldig ({})")
IN_ENGLISH: Final = Words("{}", "is niet goed (Engels: {})")
EMPTY: Final = Words("is empty. Fill it in", "is leeg. Vul het in")
MEANT: Final = Words("is not a key we know. Did you mean {}?", "is geen sleutel die wij kennen. Bedoelt u {}?")
MEANT_ONE: Final = Words("is none that we know. Did you mean {}?", "is er geen die wij kennen. Bedoelt u {}?")
TWICE: Final = Words("stands here twice. Keep one", "staat hier twee keer. Houd er een")
MORE: Final = Words("{}: and {} more", "{}: en nog {}")
NOT_READ: Final = Words(
    "{}: cannot be read ({}). Check the name and who may read it",
    "{}: niet te lezen ({}). Controleer de naam, en wie het mag lezen",
)
MEANING: Final = Words(" ({})", " (Engels: {})")
NO_SETTING: Final = Words("{}: is no setting. Did you mean {}?", "{}: is geen instelling. Bedoelt u {}?")
