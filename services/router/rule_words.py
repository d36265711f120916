"""RULE WORDS: what may be wrong with a rule or its condition, in English and Dutch. Names of fields and of CEL stay."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

PAST: Final = Words("a deadline lies in the future", "een termijn ligt in de toekomst")
NO_DURATION: Final = Words(
    "should be a number with m, h or d (minutes, hours, days), like 30m, 24h or 3d",
    "hoort een getal met m, h of d te zijn (minuten, uren, dagen), zoals 30m, 24h of 3d",
)
TO_NOBODY: Final = Words(
    "a rule that refers or holds names a kind of help in `to`, and a legal_basis",
    "een regel die verwijst of voorlegt, noemt een soort hulp in `to`, en een legal_basis",
)
RECORDS: Final = Words(
    "a rule that only records goes to nobody: leave `to` out",
    "een regel die alleen vastlegt, gaat naar niemand: laat `to` weg",
)
TO_TWICE: Final = Words("a kind of help stands twice in `to`", "een soort hulp staat twee keer in `to`")
ENDS_FIRST: Final = Words("valid_until lies before valid_from", "valid_until ligt voor valid_from")

MEANT: Final = Words("; did you mean {}?", "; bedoelt u {}?")
NO_CEL: Final = Words("this is no CEL: {}", "dit is geen CEL: {}")
COLUMN: Final = Words("column {}: {}", "kolom {}: {}")
NOT_PARSED: Final = Words("it cannot be parsed", "het is niet te ontleden")
TOO_DEEP: Final = Words("brackets are nested too deep", "haakjes zijn te diep genest")
IN_ENGLISH: Final = Words("{}", "controleer wat hier staat (Engels: {})")

_BETWEEN: Final = Words(
    "{} may not stand here. Join two comparisons with && (both) or || (either); put codes between quotes, and ! before "
    "what should not hold",
    "{} mag hier niet staan. Verbind twee vergelijkingen met && (beide) of || (een van beide); zet codes tussen "
    "aanhalingstekens, en ! voor wat niet mag gelden",
)
PROBLEMS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        r"token recognition error at: '= ?": Words(
            "one = says nothing. Compare with ==", "één = zegt niets. Vergelijk met =="
        ),
        r"token recognition error at: '([&|])": Words("write {0}{0} for {0}", "schrijf {0}{0} voor {0}"),
        r"token recognition error at: '[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]": Words(
            'this is a quote of a text processor. Use straight ones: "',
            'dit is een aanhalingsteken van een tekstverwerker. Gebruik rechte: "',
        ),
        r"token recognition error at: '[\"\\']": Words(
            "a quote is opened and never closed. Close it",
            "een aanhalingsteken wordt geopend en nooit gesloten. Sluit het",
        ),
        r"token recognition error at: '(.{1,20})'": Words(
            "{} means nothing in a condition. Remove it", "{} betekent niets in een voorwaarde. Haal het weg"
        ),
        r"missing '(.)' at '<EOF>'": Words(
            "a bracket is never closed. Add {}", "een haak wordt nooit gesloten. Voeg {} toe"
        ),
        r"(?:mismatched|extraneous) input '<EOF>'": Words(
            "it stops too soon: after this something is missing", "hier houdt het te vroeg op: hierna ontbreekt iets"
        ),
        r"extraneous input '([])}])' expecting <EOF>": Words(
            "there is a {} too many. Remove it", "er staat een {} te veel. Haal die weg"
        ),
        r"(?:mismatched|extraneous) input '(\S{1,40})' expecting {'\]', ','}": Words(
            "before {} a comma is missing. Add it", "voor {} ontbreekt een komma. Voeg die toe"
        ),
        r"(?:mismatched|extraneous) input '(\S{1,40})'": _BETWEEN,
    }
)
"""By what CEL's parser calls the problem; the first that fits."""

NO_FACT: Final = Words("`{}` is no fact of a signal{}", "`{}` is geen feit van een signaal{}")
A_CODE: Final = Words(
    '`{0}` is a code of {1}. Put it between quotes, as in {1} == "{0}"',
    '`{0}` is een code van {1}. Zet die tussen aanhalingstekens, zoals {1} == "{0}"',
)
NOT_USED: Final = Words(
    "a condition does not use `{}`: write names, codes, and == != < <= > >= in && || !",
    "een voorwaarde gebruikt geen `{}`: schrijf namen, codes, en == != < <= > >= in && || !",
)
ALONE: Final = Words(
    "{0} stands alone: compare a name with it, as in kind == {0}",
    "{0} staat alleen: vergelijk er een naam mee, zoals kind == {0}",
)
TWO_FACTS: Final = Words(
    "{} {} {} compares two facts: compare each with a code",
    "{} {} {} vergelijkt twee feiten: vergelijk elk met een code",
)
SIDES: Final = Words(
    "{0} {1} {2}: one side of {1} is a name, the other a code",
    "{0} {1} {2}: de ene kant van {1} is een naam, de andere een code",
)
MEMBERSHIP: Final = Words(
    '`{} in {}`: write kind in ["threat", "weapon"], or "physical" in violence',
    '`{} in {}`: schrijf kind in ["threat", "weapon"], of "physical" in violence',
)
NOT_ORDERED: Final = Words(
    "{} is no number, so {} says nothing about it", "{} is geen getal, dus {} zegt er niets over"
)
A_LIST: Final = Words('{1} is a list: write "{0}" in {1}', '{1} is een lijst: schrijf "{0}" in {1}')
YES_NO: Final = Words("{0} is yes or no: write {0}, or !{0}", "{0} is ja of nee: schrijf {0}, of !{0}")
WHOLE: Final = Words("{} is a whole number, and {} is not", "{} is een heel getal, en {} niet")
QUOTED: Final = Words(
    "{} is a code: write it between quotes, not {}", "{} is een code: schrijf die tussen aanhalingstekens, en niet {}"
)
BACKSLASH: Final = Words(
    "{} is compared with a backslash: write the code as it is",
    "{} wordt vergeleken met een backslash: schrijf de code zoals die is",
)
NEVER_UNKNOWN: Final = Words(
    '{0} is never unknown to a rule: not known counts as yes, so write {0} == "yes"',
    '{0} is voor een regel nooit onbekend: onbekend telt als ja, dus schrijf {0} == "yes"',
)
NO_CODE: Final = Words('"{}" is no code of {}{}', '"{}" is geen code van {}{}')
