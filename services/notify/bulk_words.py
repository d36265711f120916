"""BULK WORDS: what is told of one decision about many referrals, in English and Dutch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.command import Action
from schemas.words import Words

DOING: Final[Mapping[Action, Words]] = MappingProxyType(
    {
        Action.REDRIVE: Words("sent again", "opnieuw verstuurd"),
        Action.RETRY: Words("sent now", "nu verstuurd"),
        Action.CANCEL: Words("cancelled", "geannuleerd"),
    }
)
"""Beside the bar that shows how far it is."""

WOULD: Final[Mapping[Action, Words]] = MappingProxyType(
    {
        Action.REDRIVE: Words(
            "{} would be sent again; nothing was done. Say --yes to do it",
            "{} worden zo opnieuw verstuurd; er is niets gedaan. Geef --yes om het te doen",
        ),
        Action.RETRY: Words(
            "{} would be sent now; nothing was done. Say --yes to do it",
            "{} worden zo nu verstuurd; er is niets gedaan. Geef --yes om het te doen",
        ),
        Action.CANCEL: Words(
            "{} would be cancelled; nothing was done. Say --yes to do it",
            "{} worden zo geannuleerd; er is niets gedaan. Geef --yes om het te doen",
        ),
    }
)
NOBODY: Final = Words(
    "no referral is among them; nothing was done. `seinpaal deliveries list` shows what there is",
    "er hoort geen verwijzing bij; er is niets gedaan. `seinpaal deliveries list` toont wat er is",
)
DONE: Final[Mapping[Action, Words]] = MappingProxyType(
    {
        Action.REDRIVE: Words(
            "{} were sent again: `seinpaal partner status` shows how they do",
            "{} opnieuw verstuurd: `seinpaal partner status` toont hoe het ermee gaat",
        ),
        Action.RETRY: Words(
            "{} were sent now: `seinpaal partner status` shows how they do",
            "{} nu verstuurd: `seinpaal partner status` toont hoe het ermee gaat",
        ),
        Action.CANCEL: Words("{} were cancelled", "{} geannuleerd"),
    }
)
STAY: Final = Words(
    "{} withdrawals stay, so that no partner goes on with what was taken back: see --withdrawals",
    "{} intrekkingen blijven, zodat geen partner doorgaat met wat is teruggenomen: zie --withdrawals",
)
STAYS_SO: Final = Words(
    "only what is pending or parked is cancelled: give --state pending, --state parked or neither",
    "alleen wat wacht of apart staat, wordt geannuleerd: geef --state pending, --state parked of geen van beide",
)
EVERYTHING: Final = Words(
    "this would cancel everything there is: say whose, with --partner, or which, with --because",
    "zo wordt alles geannuleerd: zeg van wie, met --partner, of welke, met --because",
)
TOO_MANY: Final = Words(
    "more than {} referrals are chosen: choose fewer, or say --most with the number",
    "dit zijn meer dan {} verwijzingen: kies er minder, of geef --most met het aantal",
)
CAME_TO_NOTHING: Final = Words(
    "stopped: of {} that were tried {} came to nothing", "gestopt: van {} die zijn geprobeerd, is bij {} niets gelukt"
)
NOTHING_TRIED: Final = Words(
    "stopped: nothing was tried for {} s; {} wait for their turn",
    "gestopt: {} s lang is niets geprobeerd; {} wachten op hun beurt",
)
