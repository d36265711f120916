"""PARKED WORDS: what is told of records that could not be read, in English and Dutch. Codes stay beside their words.

In English a stage's own sentence says what to do; in Dutch it is said by the reason (`services/ingest/fix_words.py`).
"""

import re
from typing import Final

from schemas.audit import Fact
from schemas.parked import Parked
from schemas.topics import may_be_redriven
from schemas.words import Language, Words
from services.audit.reason_words import said
from services.ingest import fix_words
from services.ingest.normalise import OURS
from services.runtime.parking import LEFT, STAYS

ID: Final = Words("id", "id")
CORPORATION: Final = Words("corporation", "corporatie")
PARKED_AT: Final = Words("parked at", "apart gezet op")
PARKED_AT_UTC: Final = Words("parked at (UTC)", "apart gezet op (UTC)")
STAGE: Final = Words("stage", "stap")
FROM: Final = Words("from", "uit")
BYTES: Final = Words("bytes", "bytes")
STAYS_THERE: Final = Words("stays there", "blijft daar staan")
LARGE: Final = Words("{} bytes, too large to be kept here", "{} bytes, te groot om hier te bewaren")
REASON: Final = Words("reason", "reden")
FIELD: Final = Words("field", "veld")
FIX: Final = Words("what to do", "wat te doen")
THEN: Final = Words("then", "daarna")
REDRIVEN: Final = Words("redriven", "opnieuw aangeboden")
YES: Final = Words("yes", "ja")
NO: Final = Words("no", "nee")
WAITING: Final = Words("{} waiting", "{} wachten")
IN_ALL: Final = Words("{} in all", "{} in totaal")
GIVEN: Final = Words(
    "to be read again: `seinpaal watch` shows what becomes of it",
    "wordt opnieuw gelezen: `seinpaal watch` toont wat ervan komt",
)
DOING: Final = Words("read again", "opnieuw gelezen")
DONE: Final = Words(
    "{} read again, {} of them still cannot be read: `seinpaal parked list` shows what waits",
    "{} opnieuw gelezen, waarvan er {} nog niet te lezen zijn: `seinpaal parked list` toont wat wacht",
)
WOULD: Final = Words(
    "{} would be read again; nothing was done. Say --yes to do it",
    "{} worden zo opnieuw gelezen; er is niets gedaan. Geef --yes om het te doen",
)
TOO_MANY: Final = Words(
    "more than {} records are chosen: choose fewer, with --because, or say --most with the number",
    "dit zijn meer dan {} berichten: kies er minder, met --because, of geef --most met het aantal",
)
NONE_BEGINS: Final = Words("no parked record begins", "geen apart gezet bericht begint")
MANY_BEGIN: Final = Words("several parked records begin", "meer dan één apart gezet bericht begint")
LOOK: Final = Words(
    "{} with {!r}: `seinpaal parked list` shows their ids", "{} met {!r}: `seinpaal parked list` toont ids"
)
FOR_GOOD: Final = Words(
    "it is kept for you to look into: no stage reads it again. What wrote it must write what it meant anew",
    "het is bewaard om te onderzoeken: geen stap leest het opnieuw. Laat opnieuw schrijven wat het bedoelde",
)
"""Said of a record of ours that cannot be redriven: a fact of the trail, or a command."""

_LEFT: Final = "te groot om te bewaren: opnieuw aangeboden wordt het uit zijn topic gelezen, zolang dat het bewaart"
_STAYS: Final = "te groot om te bewaren, en van daar niet opnieuw te lezen: kopieer het uit zijn topic, en geef het ons"
_LISTED: Final = re.compile(rf"{re.escape(OURS)}[^;]*")


def reason(of: Parked, language: Language) -> str:
    """Why it was parked, as the trail says it."""
    return said(of.reason, Fact.RECORD_PARKED, language)


def fix(of: Parked, language: Language) -> str:
    """What to do; for a reason that we do not know, from a later version, what its stage said."""
    english, dutch = (LEFT, _LEFT) if may_be_redriven(of.origin.topic) else (STAYS, _STAYS)
    whole = of.fix if of.left_behind is None else of.fix.partition(f"; {english}")[0]
    told = None if language == "en" else fix_words.dutch(of.reason, whole)
    if told is None:
        return of.fix
    return told if of.left_behind is None else f"{told}; {dutch}"


def in_short(of: Parked, language: Language) -> str:
    """The same for one row of many: which kinds there are, is told of one record."""
    return fix(of.model_copy(update={"fix": _LISTED.sub("", of.fix)}), language)
