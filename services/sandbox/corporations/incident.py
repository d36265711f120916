"""One made-up incident, from which every shape is written. Everything in it is synthetic and looks it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

DUTCH_TOWNS: Final = (
    ("Zwolle", "GM0193"),
    ("Deventer", "GM0150"),
    ("Kampen", "GM0166"),
    ("Raalte", "GM0177"),
    ("Hardenberg", "GM0160"),
    ("Almelo", "GM0141"),
)
ENGLISH_TOWNS: Final = (("Hackney", "E09000012"), ("Islington", "E09000019"))
POSTCODES: Final = {"Hackney": "E8 0ZZ", "Islington": "N1 0ZZ"}
DUTCH_NARRATIVES: Final = (
    "Verzonnen: buren horen 's avonds geschreeuw en gebonk, een kind huilt.",
    "Verzonnen: monteur ziet een ingetrapte binnendeur en schrikt van de sfeer.",
    "Verzonnen: huismeester ziet een bewoner met een blauwe plek, partner antwoordt steeds.",
    "Verzonnen: bewoonster zegt dat zij bang is om thuis te zijn.",
)
ENGLISH_NARRATIVES: Final = (
    "Made up: neighbours hear shouting and banging late at night, a child is crying.",
    "Made up: the operative found the bedroom door off its hinges and a frightened tenant.",
    "Made up: the tenant asked twice for the locks to be changed this month.",
)
BSN_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened, as the tenant system knows it."""

    number: int
    at: datetime
    dwelling: str
    town: str
    area: str
    street: str
    postcode: str
    victim: str
    other: str
    child: str | None
    narrative: str
    bsn: str
    dice: float


def incident(number: int, random: Random, now: datetime, *, dutch: bool) -> Incident:
    """The incident of that number: one of some 400 dwellings, so that signals of one household add up."""
    home = random.randrange(400)
    town, area = random.choice(DUTCH_TOWNS if dutch else ENGLISH_TOWNS)
    return Incident(
        number=number,
        at=now - timedelta(minutes=random.randrange(1, 600)),
        dwelling=f"E-{home:04d}",
        town=town,
        area=area,
        street=f"{'Voorbeeldstraat' if dutch else 'Example Street'} {home}",
        postcode="0000 AA" if dutch else POSTCODES[town],
        victim=f"Testpersoon {_word(random)}",
        other=f"Testpersoon {_word(random)}",
        child=f"Testkind {_word(random)}" if random.random() < 0.4 else None,  # noqa: PLR2004  two homes in five
        narrative=random.choice(DUTCH_NARRATIVES if dutch else ENGLISH_NARRATIVES),
        bsn=bsn(random),
        dice=random.random(),
    )


def bsn(random: Random) -> str:
    """Nine digits that pass the eleven-test, from the range 9999xxxxx that is never given out."""
    while True:
        digits = [9, 9, 9, 9, *(random.randrange(10) for _ in range(4))]
        last = sum(weight * digit for weight, digit in zip(BSN_WEIGHTS, digits, strict=True)) % 11
        if last < 10:  # noqa: PLR2004  a tenth digit does not exist
            return "".join(map(str, [*digits, last]))


def instant(moment: datetime) -> str:
    """VERA's date-time: UTC with a Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _word(random: Random) -> str:
    return "".join(random.choice("bdfgklmnprstvz") + random.choice("aeiou") for _ in range(3)).capitalize()
