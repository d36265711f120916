"""CHECK WORDS: what is told of checking rules and trying their examples, in English and Dutch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Language, Words

NO_CONDITION: Final = "no condition: seinpaal rules check"
FAILS: Final = "fails: seinpaal rules check"
NO_SIGNAL: Final = "no signal: "
"""What an example comes to that is neither yes nor no, as programs read it."""

ONLY_TOLD: Final = Words("{} (told only, does not refuse)", "{} (alleen gemeld, keurt niets af)")
MAY_BE: Final = Words(
    "{}: {} rules may be put in force, version {}", "{}: {} regels mogen van kracht worden, versie {}"
)
IN_FORCE: Final = Words(
    "in force is version {}: this folder takes its place by `seinpaal rules propose`",
    "van kracht is versie {}: deze map komt ervoor in de plaats met `seinpaal rules propose`",
)
COME_OUT: Final = Words("{} of {} come out as they say", "{} van {} komen uit zoals er staat")
NO_RULE: Final = Words("no rule has the id {}. {}", "geen regel heeft het id {}. {}")
DID_YOU_MEAN: Final = Words("Did you mean {}?", "Bedoelt u {}?")
NAMES_THEM: Final = Words("seinpaal rules test --json names them all", "seinpaal rules test --json noemt ze allemaal")

NOTHING_GIVEN: Final = Words("nothing given", "niets gegeven")
SHOULD: Final = Words("{}, and should say {}", "{}, en er moet uitkomen: {}")
ANSWERS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "fires": Words("fires", "gaat op (fires)"),
        "does-not-fire": Words("does-not-fire", "gaat niet op (does-not-fire)"),
        NO_CONDITION: Words(NO_CONDITION, "geen voorwaarde: seinpaal rules check"),
        FAILS: Words(FAILS, "niet te beantwoorden: seinpaal rules check"),
    }
)
NO_SIGNAL_SAID: Final = Words("no signal: {}", "geen signaal: {}")


def answer(of: str, language: Language) -> str:
    """What an example comes to; which field is no signal's, its model says in English."""
    known = ANSWERS.get(of)
    if known is not None:
        return known.in_(language)
    return NO_SIGNAL_SAID.in_(language).format(of.removeprefix(NO_SIGNAL))
