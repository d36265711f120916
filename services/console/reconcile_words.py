"""RECONCILE WORDS: what a reconciliation tells people, in English and Dutch. Codes stay beside their Dutch words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.delivery import DeliveryState
from schemas.words import Language, Words
from services.audit.words import STATES as IN_A_SENTENCE

SIGNALS: Final = Words("signals", "signalen")
REFERRALS: Final = Words("referrals", "verwijzingen")
RECORDS: Final = Words("records", "berichten")

ACCEPTED: Final = Words("accepted", "aan-\ngenomen")
DECIDED: Final = Words("decided", "bepaald")
OVERTAKEN: Final = Words("overtaken", "ingehaald")
WITHDRAWN: Final = Words("withdrawn", "inge-\ntrokken")
PARKED: Final = Words("parked", "apart\ngezet")
UNDECIDED: Final = Words("to be\ndecided", "nog te\nbepalen")
STATES: Final[Mapping[DeliveryState, Words]] = MappingProxyType(
    {
        DeliveryState.DELIVERED: Words("delivered", "bezorgd"),
        DeliveryState.HELD: Words("held", "wacht op\neen mens"),
        DeliveryState.PARKED: PARKED,
        DeliveryState.PENDING: Words("in\nprogress", "wordt\nbezorgd"),
        DeliveryState.DISMISSED: Words("dis-\nmissed", "afge-\nwezen"),
        DeliveryState.CANCELLED: Words("can-\ncelled", "geannu-\nleerd"),
    }
)
"""In the order of their columns."""

TO_THE_LEDGER: Final = Words("to the\nledger", "naar de\nlijst")
READ: Final = Words("read", "gelezen")
WITH_A_FACT: Final = Words("with\na fact", "met\neen feit")
WITHOUT_A_RECORD: Final = Words("without\na record", "zonder\nbericht")
WAITING: Final = Words("waiting", "wachten")
UNKNOWN: Final = Words("unknown", "onbekend")
ALL: Final = Words("all", "alle")

ONE: Final = Words("offset {} was", "offset {} is")
MANY: Final = Words("offsets {} to {} ({} records) were", "offsets {} tot en met {} ({} berichten) zijn")
MISSING: Final = Words("{}: {} read, and no fact accounts for that", "{}: {} gelezen, en geen feit verantwoordt dat")
DOUBLED: Final = Words("{}: offset {} is accounted for {} times", "{}: offset {} is {} keer verantwoord")
MADE_ANEW: Final = Words(" (also where the topic was made anew)", " (ook als het topic opnieuw is gemaakt)")
EXPIRED: Final = Words("{}: {} deleted unread", "{}: {} verwijderd zonder te zijn gelezen")
SHORTENED: Final = Words(
    "{}: ends before offset {}, and facts account for records up to {}: its broker lost them, or it was made anew. "
    "What nobody had read there is gone: have it sent again (deploy/README.md, Losing all of Kafka)",
    "{}: eindigt vóór offset {}, en feiten verantwoorden berichten tot en met {}: de broker heeft ze verloren, of het "
    "topic is opnieuw gemaakt. Wat daar nog niet was gelezen, is weg: laat het opnieuw sturen (deploy/README.md, "
    "Losing all of Kafka)",
)
RESTART: Final = Words(
    "no ingest reads it. Start ingest again with this sources.yaml; its /readyz tells what it lacks",
    "geen ingest leest het. Start ingest opnieuw met deze sources.yaml; zijn /readyz zegt wat eraan ontbreekt",
)
UNREAD: Final = Words("{}: records wait from offset {} on: {}", "{}: er wachten berichten vanaf offset {}: {}")
NEVER_READ: Final = Words(
    "{}: records wait and nobody ever read it: {}", "{}: er wachten berichten en niemand las ze ooit: {}"
)
NOT_DECIDED: Final = Words(
    "event {}: accepted, and nothing was decided about it", "gebeurtenis {}: aangenomen, en er is niets over bepaald"
)
NOT_ACCEPTED: Final = Words(
    "event {}: decided about, and never accepted", "gebeurtenis {}: bepaald, en nooit aangenomen"
)
UNLEDGERED: Final = Words(
    "signal {}: referrals decided: {}, in the ledger: {}", "signaal {}: verwijzingen bepaald: {}, op de bezorglijst: {}"
)
PARKED_UNREAD: Final = Words(", parked unread: {}", ", apart gezet omdat ze niet te lezen zijn: {}")
DIFFERS: Final = Words(
    "referral {}: the ledger says {}, the log says {}", "verwijzing {}: de bezorglijst zegt {}, het logboek zegt {}"
)
NOTHING: Final = Words("nothing", "niets")

IN_FLIGHT: Final = Words("{} still in flight, so not judged", "{} nog onderweg, dus niet beoordeeld")
BEHIND: Final = Words("; behind: {}", "; lopen achter: {}")
MORE: Final = Words(
    "and {} more: --json lists up to a thousand of each kind", "en nog {}: --json noemt er tot duizend van elke soort"
)
AHEAD: Final = Words(
    "below 0: the ledger was read a moment after the log, while the flow went on",
    "onder 0: de bezorglijst is even na het logboek gelezen, terwijl de stroom doorging",
)
KNOWN: Final = Words("{} more that {} lists as known", "nog {} die volgens {} al bekend zijn")
NOT_OURS: Final = Words(
    "{}: this is not what `seinpaal reconcile --json` writes",
    "{}: dit is niet wat `seinpaal reconcile --json` schrijft",
)
NO_FINDING: Final = Words(
    "{}: finding {} is none that stays. Take it from `found` of `seinpaal reconcile --json`",
    "{}: bevinding {} is er geen die blijft. Neem die over uit `found` van `seinpaal reconcile --json`",
)
WHOLE: Final = Words("everything that was read is accounted for, once", "alles wat is gelezen, is één keer verantwoord")


def state(of: DeliveryState | None, language: Language) -> str:
    """Where a referral stands according to one of them, in a sentence."""
    if of is None:
        return NOTHING.in_(language)
    return f"{IN_A_SENTENCE[of].nl} ({of})" if language == "nl" else of.value
