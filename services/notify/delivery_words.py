"""DELIVERY WORDS: what operators read of the ledger, in English and Dutch. Codes stay beside their words.

In English a code is its own word: what one chooses by (`--state`, `--because`) is what the list shows.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.progress import Milestone
from schemas.words import Language, Words
from services.notify.desk_words import STATES

REFERRAL: Final = Words("referral", "verwijzing")
CASE: Final = Words("case", "zaak")
REVISION: Final = Words("revision", "versie")
REV: Final = Words("rev", "versie")
TRIES: Final = Words("tries", "keer")
FROM: Final = Words("from", "van")
FOR: Final = Words("for", "voor")
STATE: Final = Words("state", "stand")
REASON: Final = Words("reason", "reden")
NEXT: Final = Words("next {}", "weer {}")
CORPORATION: Final = Words("corporation", "corporatie")
PARTNER: Final = Words("partner", "partner")
NEXT_TRY: Final = Words("next attempt", "volgende poging")
DEADLINE: Final = Words("deadline", "uiterlijk")
CHANGED: Final = Words("changed", "gewijzigd")
PROGRESS: Final = Words("progress", "voortgang")
NOT_TRIED: Final = Words("not tried yet", "nog niet geprobeerd")
ATTEMPT: Final = Words("attempt", "poging")
AT: Final = Words("at (UTC)", "op (UTC)")
OUTCOME: Final = Words("outcome", "uitkomst")
STATUS: Final = Words("status", "status")
SECONDS: Final = Words("seconds", "seconden")
DIGEST: Final = Words("digest", "digest")

NOBODY: Final = Words("nobody yet", "nog niemand")
SHOWN: Final = Words("{} shown", "{} getoond")
GO_ON: Final = Words("the next: --after {}", "de volgende: --after {}")
SINCE: Final = Words("{} since {}", "{} sinds {}")
BY: Final = Words("{}, by {}", "{}, uiterlijk {}")

MILESTONES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Milestone.SEEN: Words("seen", "gezien"),
        Milestone.ACCEPTED: Words("accepted", "aangenomen"),
        Milestone.OUTCOME: Words("outcome", "uitkomst"),
    }
)
STAGES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "reached": Words("reached", "bereikt"),
        "awaited": Words("awaited", "verwacht"),
        "late": Words("late", "te laat"),
    }
)

NONE_BEGINS: Final = Words("no referral begins", "geen verwijzing begint")
MANY_BEGIN: Final = Words("several referrals begin", "meer dan één verwijzing begint")
LOOK: Final = Words(
    "{} with {!r}: `seinpaal deliveries list` shows their ids", "{} met {!r}: `seinpaal deliveries list` toont hun id's"
)
NO_CALL_BEGINS: Final = Words("no call begins", "geen belopdracht begint")
MANY_CALLS_BEGIN: Final = Words("several calls begin", "meer dan één belopdracht begint")
LOOK_AT_CALLS: Final = Words(
    "{} with {!r}: `seinpaal calls list` shows their ids", "{} met {!r}: `seinpaal calls list` toont hun id's"
)
NO_ID: Final = Words(
    "{!r} is no id: it has hex digits and dashes", "{!r} is geen id: een id heeft hexadecimale cijfers en streepjes"
)
NO_PLACE: Final = Words(
    "--after {!r} is no place in the list: give what the page before printed last",
    "--after {!r} is geen plek in de lijst: geef wat onder de vorige bladzijde stond",
)
NO_REASON: Final = Words(
    "there is no reason {!r}: `seinpaal deliveries list` shows them",
    "er is geen reden {!r}: `seinpaal deliveries list` toont ze",
)
MEANT_REASON: Final = Words("there is no reason {!r}. Did you mean {}?", "er is geen reden {!r}. Bedoelt u {}?")
NO_PARTNER: Final = Words(
    "no partner {} in partners.yaml: `seinpaal partner status` lists them",
    "geen partner {} in partners.yaml: `seinpaal partner status` noemt ze",
)
MEANT_PARTNER: Final = Words(
    "no partner {} in partners.yaml. Did you mean {}?", "geen partner {} in partners.yaml. Bedoelt u {}?"
)


def coded(table: Mapping[str, Words], code: str, language: Language) -> str:
    """A code in English; in Dutch behind its word. One that we do not know, from a later version, as it stands."""
    known = table.get(code) if language == "nl" else None
    return f"{known.nl} ({code})" if known else code


def state(code: str, language: Language) -> str:
    """Where a referral stands."""
    return coded(STATES, code, language)
