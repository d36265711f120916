"""PARKED WORDS: what is told of records that could not be read, in English and Dutch. Codes stay beside their words.

In English a stage's own sentence says what to do; in Dutch it is said by the reason, and names of ours in it are kept.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.audit import Fact
from schemas.codes import Urgency
from schemas.parked import Parked
from schemas.signal import DASH_QUESTIONS
from schemas.topics import may_be_redriven
from schemas.words import Language, Words
from services.audit.reason_words import said
from services.ingest.normalise import MEANT, OURS
from services.runtime.parking import LEFT, STAYS

ID: Final = Words("id", "id")
CORPORATION: Final = Words("corporation", "corporatie")
PARKED_AT: Final = Words("parked at", "apart gezet op")
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
    "{} to be read again: `seinpaal watch` shows what becomes of them",
    "{} opnieuw te lezen: `seinpaal watch` toont wat ervan komt",
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

_OURS: Final = "unexpected-"
_FAULT: Final = "meld dit: het is een fout van ons"
_JSON: Final = "schrijf JSON in UTF-8; Avro en Protobuf worden niet gelezen"
_LEFT: Final = "te groot om te bewaren: opnieuw aangeboden wordt het uit zijn topic gelezen, zolang dat het bewaart"
_STAYS: Final = "te groot om te bewaren, en van daar niet opnieuw te lezen: kopieer het uit zijn topic, en geef het ons"
_KINDS: Final = ((MEANT, ". Bedoelt u"), (OURS, ". Die van ons zijn"))
_LISTED: Final = re.compile(rf"{re.escape(OURS)}[^;]*")
DUTCH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tombstone": "schrijf wat bedoeld was: een signaal dat intrekt, of een opdracht die op de vorige volgt",
        "no-data": "geef elke gebeurtenis haar `data`",
        "not-json": _JSON,
        "empty": _JSON,
        "not-an-object": "schrijf één JSON-object",
        "nested-too-deep": "schrijf wat er gebeurde zonder zulke diepe lagen",
        "too-large": "schrijf het korter: zo past het niet in één bericht",
        "not-a-concern": "in dat veld staat wat het formulier niet toelaat (Engels: {fix})",
        "record-id-missing": "geef elk bericht een id, en correcties hetzelfde; of wijs de kolom aan in sources.yaml",
        "code-missing": "zeg met een code wat is opgemerkt; of zet `missing: ignore` onder `codes` van de bron",
        "unmapped-code": "zet deze code onder `codes` van de bron in sources.yaml, of zeg daar `ignore`",
        "unknown-urgency": f"een van {', '.join(Urgency)}",
        "unknown-dash-score": f"een heel getal van 0 tot en met {DASH_QUESTIONS}",
        "operation-missing": "voeg `op` toe aan add.fields van ExtractNewRecordState: zo is nieuws van oude rijen te "
        "onderscheiden",
        "unknown-operation": "Debezium schrijft c, u, d, r, t of m",
        "event-type-missing": "zeg wat er gebeurde, zoals ConcernRaisedEvent",
        "table-unknown": "voeg source.db, source.schema en source.table toe aan add.fields van ExtractNewRecordState, "
        "of laat onder `tables` van de bron weg wat haar rijen niet vertellen",
        "not-our-schema": "zie schemas/json",
        "entry-absent": "een bericht op audit.v1 heeft een feit als waarde",
        "entry-malformed": "zie schemas/json/audit-entry.json",
        "salt-unusable": "de header `salt` heeft 32 bytes",
        "time-out-of-range": "schrijf het moment waarop het is vastgelegd",
        "time-without-zone": "schrijf de tijd met haar verschil met UTC",
        "value-out-of-range": "geef plaatsen en aantallen zoals Kafka die heeft",
    }
)
"""What to do, by the reason; `fix` is what the stage said in English."""


def reason(of: Parked, language: Language) -> str:
    """Why it was parked, as the trail says it."""
    return said(of.reason, Fact.RECORD_PARKED, language)


def fix(of: Parked, language: Language) -> str:
    """What to do; for a reason that we do not know, from a later version, what its stage said."""
    known = _FAULT if of.reason.startswith(_OURS) else DUTCH.get(of.reason)
    if language == "en" or known is None:
        return of.fix
    english, dutch = (LEFT, _LEFT) if may_be_redriven(of.origin.topic) else (STAYS, _STAYS)
    whole = of.fix if of.left_behind is None else of.fix.partition(f"; {english}")[0]
    told = known.format(fix=whole) + "".join(
        f"{said} {whole.partition(each)[2].strip()}" for each, said in _KINDS if each in whole
    )
    return told if of.left_behind is None else f"{told}; {dutch}"


def in_short(of: Parked, language: Language) -> str:
    """The same for one row of many: which kinds there are, is told of one record."""
    return fix(of.model_copy(update={"fix": _LISTED.sub("", of.fix)}), language)
