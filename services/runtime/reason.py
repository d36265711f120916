"""REASON: why a person decides, in their own words, as every command takes it. They stay in the clear, for good."""

from typing import Annotated, Final

import typer

from schemas.words import Words, filled
from services.runtime.errors import Refused
from services.runtime.person_trace import trace

LONGEST: Final = 200

_TOO_LONG: Final = Words(
    "--{} takes {} characters at most: it is kept for good, so say no more than why",
    "--{} is ten hoogste {} tekens: het blijft altijd bewaard, dus zeg niet meer dan waarom",
)
_SOMEBODY: Final = Words(
    "--{} seems to hold {}. It is kept in the clear for good, also once the case is erased: say it without",
    "In --{} lijkt {} te staan. Het blijft altijd leesbaar bewaard, ook als de zaak gewist is: zeg het zonder",
)


def checked(option: typer.CallbackParam, given: str) -> str:
    """What was given, when nothing in it tells who somebody is.

    Raises:
        Refused: when it may; it is not repeated.
    """
    name = option.name or ""
    if len(given) > LONGEST:
        raise Refused(filled(_TOO_LONG, name, LONGEST))
    if (what := trace(given)) is not None:
        raise Refused(filled(_SOMEBODY, name, what))
    return given


Reason = Annotated[str, typer.Option(callback=checked, help="Why; no personal data.")]
