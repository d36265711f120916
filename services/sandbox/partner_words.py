"""PARTNER WORDS: what `seinpaal sandbox` tells people of a partner on their machine, in English and Dutch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

ADDRESS: Final = Words("address", "adres")
CONTROL: Final = Words("control", "bediening")
AUTHORITY: Final = Words("authority", "autoriteit")
PIN: Final = Words("pin", "pin")
SECRET: Final = Words("secret", "geheim")
FACTS: Final[Mapping[str, Words]] = MappingProxyType(
    {"address": ADDRESS, "control": CONTROL, "authority": AUTHORITY, "pin": PIN, "secret": SECRET}
)
"""What its user must know, by the names that a program gets."""

NAME: Final = Words("name", "naam")
DOES: Final = Words("the partner", "de partner")
PLAYING: Final = Words("playing: {}", "speelt: {}")
NOTHING: Final = Words("nothing", "niets")

WHICH: Final = Words(
    "to change a running partner, give the address it printed with --control",
    "om een draaiende partner te veranderen, geef met --control het adres dat hij toonde",
)
NO_CONTROL: Final = Words(
    "{} is no address: give the one that the partner printed as its control",
    "{} is geen adres: geef het adres dat de partner als zijn bediening toonde",
)
SILENT: Final = Words(
    "no partner answers at {} ({}). Is it running? It prints its control when it starts",
    "op {} antwoordt geen partner ({}). Draait hij? Hij toont zijn bediening als hij start",
)
PORT_TAKEN: Final = Words(
    "port {} is taken: give another with {}; 0 takes a free one",
    "poort {} is bezet: geef een andere met {}; 0 neemt een vrije",
)
UNSIGNED: Final = Words(
    "nothing is signed for a partner of kind {}: leave --key out",
    "voor een partner van soort {} wordt niets ondertekend: laat --key weg",
)
NO_KEY: Final = Words(
    "--key takes our public key, whpk_…, as `seinpaal partner key` prints it",
    "--key is onze publieke sleutel, whpk_…, zoals `seinpaal partner key` die toont",
)
FETCHES: Final = Words(
    "it fetches with a token of its own with us: give that with --access env:NAME",
    "hij haalt op met een eigen token bij ons: geef dat met --access env:NAAM",
)
REPORTS: Final = Words(
    "it reports with a token of its own with us: give that with --access env:NAME",
    "hij meldt met een eigen token bij ons: geef dat met --access env:NAAM",
)
ONLY_TLS: Final = Words(
    "a partner shows another certificate only over TLS: add --tls FOLDER",
    "alleen over TLS toont een partner een ander certificaat: geef ook --tls MAP",
)
UNKNOWN: Final = Words("no misbehaviour '{}'. There are: {}", "geen wangedrag '{}'. Er zijn: {}")
NO_NUMBER: Final = Words("misbehaviour {} takes no number. Write {}", "wangedrag {} heeft geen getal. Schrijf {}")
ABOVE_ZERO: Final = Words(
    "misbehaviour '{}': the number must be above 0. Write {}={}",
    "wangedrag '{}': het getal hoort boven 0 te zijn. Schrijf {}={}",
)
