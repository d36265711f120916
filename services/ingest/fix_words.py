"""FIX WORDS: what to do about what could not be read, in Dutch, by its reason. In English its stage says it.

Names of ours in what the stage said are kept.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.codes import Urgency
from schemas.signal import DASH_QUESTIONS
from services.ingest.normalise import MEANT, OURS, TYPE_ONLY
from services.runtime.model_errors import in_dutch
from services.runtime.parking import SET_ASIDE

_OURS: Final = "unexpected-"
_FORM: Final = "not-a-concern"
_FAULT: Final = "meld dit: het is een fout van ons"
_JSON: Final = "schrijf JSON in UTF-8; Avro en Protobuf worden niet gelezen"
_KINDS: Final = ((MEANT, ". Bedoelt u"), (OURS, ". Die van ons zijn"))
_TYPE_ONLY: Final = "dit bericht noemt geen concernType, alertCode of category: stuur die bij elke wijziging mee"
DUTCH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tombstone": "schrijf wat bedoeld was: een signaal dat intrekt, of een opdracht die op de vorige volgt",
        "no-data": "geef elke gebeurtenis haar `data`",
        "not-json": _JSON,
        "empty": _JSON,
        "not-an-object": "schrijf één JSON-object",
        "nested-too-deep": "schrijf wat er gebeurde zonder zulke diepe lagen",
        "too-large": "schrijf het korter: zo past het niet in één bericht",
        _FORM: "in dat veld staat wat het formulier niet toelaat (Engels: {fix})",
        "record-id-missing": "geef elk bericht een eigen id (geen 0, `onbekend` of lege GUID), en correcties "
        "hetzelfde; of wijs de kolom aan in sources.yaml",
        "column-missing": "zo heet geen kolom van deze rij: schrijf onder `columns` de naam zoals in de database, "
        "ook de hoofdletters",
        "row-missing": "laat Debezium de hele rij schrijven; bij MongoDB met capture.mode: change_streams_update_full",
        "code-missing": "zeg met een code wat is opgemerkt; of zet `missing: ignore` onder `codes` van de bron",
        "unmapped-code": "zet deze code onder `codes` van de bron in sources.yaml, of zeg daar `ignore`",
        "was-a-signal": "dit was een signaal, en de code telt niet meer mee. Was dat onjuist, trek het dan in met de "
        "status; geldt het nog, zet de code dan onder `codes` en bied het opnieuw aan. Zonder dat vervalt het dan",
        "unknown-urgency": f"een van {', '.join(Urgency)}",
        "unknown-dash-score": f"een heel getal van 0 tot en met {DASH_QUESTIONS}",
        "operation-missing": "voeg `op` toe aan add.fields van ExtractNewRecordState: zo is nieuws van oude rijen te "
        "onderscheiden",
        "unknown-operation": "Debezium schrijft c, u, d, r, t of m",
        "unknown-snapshot": "Debezium schrijft false, of bij een oude rij true, first, last of incremental",
        "event-type-missing": "zeg wat er gebeurde, zoals ConcernRaisedEvent",
        "table-unknown": "voeg source.db, source.schema en source.table toe aan add.fields van ExtractNewRecordState, "
        "of laat onder `tables` van de bron weg wat haar rijen niet vertellen",
        "not-our-schema": "zie schemas/json",
        "names-somebody": "beslis opnieuw als een pseudoniem, zoals lead-1, "
        "met een reden zonder adres, nummer of stuurteken",
        "entry-absent": "een bericht op audit.v1 heeft een feit als waarde",
        "entry-malformed": "zie schemas/json/audit-entry.json",
        "salt-unusable": "de header `salt` heeft 32 bytes",
        "time-out-of-range": "schrijf het moment waarop het is vastgelegd",
        "time-without-zone": "schrijf de tijd met haar verschil met UTC",
        SET_ASIDE: "het hield zijn partitie op. Verhelp waar het op wachtte (Engels: {fix})",
        "value-out-of-range": "geef plaatsen en aantallen zoals Kafka die heeft",
    }
)
"""What to do, by the reason; `fix` is what the stage said in English."""


def dutch(reason: str, fix: str) -> str | None:
    """What to do, with what `fix` names; None for a reason that we do not know, from a later version."""
    known = _FAULT if reason.startswith(_OURS) else DUTCH.get(reason)
    if known is None:
        return None
    field, _, told = fix.partition(" ")
    if reason == _FORM and (dutch_of_it := in_dutch(told)):
        return f"{field} {dutch_of_it}"
    if fix.startswith(TYPE_ONLY):
        return f"{_TYPE_ONLY}; of {known}"
    named = (f"{said} {fix.partition(each)[2].strip()}" for each, said in _KINDS if each in fix)
    return known.format(fix=fix) + "".join(named)
