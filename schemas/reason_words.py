"""REASON WORDS: what the reasons that stages give are called in Dutch. In English a code is its own words.

The code stays beside the word: it is what one searches by, and what the partner's supplier knows. What rules say has
its words in `why.py`, what is declined in `declined_words.py`, in both languages.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from schemas import why
from schemas.words import Language

_READING: Final = {
    "tombstone": "leeg bericht",
    "no-data": "geen inhoud",
    "not-json": "geen JSON",
    "empty": "leeg",
    "not-an-object": "geen JSON-object",
    "nested-too-deep": "te diep genest",
    "too-large": "te groot",
    "not-a-concern": "geen melding",
    "record-id-missing": "zonder id",
    "column-missing": "kolom niet in de rij",
    "row-missing": "zonder de hele rij",
    "code-missing": "zonder code",
    "code-ignored": "code telt niet mee",
    "was-a-signal": "code telt niet meer mee",
    "status-ignored": "status telt niet mee",
    "unmapped-code": "code staat niet in sources.yaml",
    "unknown-urgency": "onbekende urgentie",
    "unknown-dash-score": "onbekende DASH-score",
    "unknown-operation": "onbekende bewerking",
    "unknown-snapshot": "onbekend of het nieuws is",
    "operation-missing": "zonder bewerking",
    "event-type-missing": "zonder soort gebeurtenis",
    "housekeeping": "gaat over geen zorg",
    "heartbeat": "levensteken van Debezium",
    "transaction": "begin of einde van een transactie",
    "schema-change": "tabel anders ingericht",
    "snapshot": "momentopname van oude rijen",
    "message": "bericht in het databaselog",
    "deleted": "rij verwijderd",
    "truncated": "tabel geleegd",
    "other-table": "andere tabel",
    "table-unknown": "onbekende tabel",
    "nothing-changed": "niets gewijzigd dat meetelt",
    "destroyed": "zaak vernietigd in het archief",
    "case-erased": "dossier gewist",
    "entry-absent": "zonder inhoud",
    "entry-malformed": "geen leesbaar feit",
    "salt-unusable": "onbruikbaar zout",
    "time-without-zone": "tijd zonder tijdzone",
    "time-out-of-range": "tijd buiten bereik",
    "value-out-of-range": "waarde buiten bereik",
    "set-aside": "door een mens apart gezet",
    "names-somebody": "noemt iemand",
}
_REDRIVING: Final = {
    "no-such-source": "die bron is er niet meer",
    "another-record": "daar staat een ander bericht",
    "cannot-be-opened": "niet te openen",
    "may-not-be-read": "mag niet gelezen worden",
    "no-longer-there": "staat er niet meer",
    "not-possible-yet": "kan nog niet",
    "written-again": "opnieuw geschreven",
}
_RULES: Final = {
    "another-content": "andere inhoud dan de versie zegt",
    "check-failed": "de regels kloppen niet",
    "folder": "de map met regels is niet te gebruiken",
    "unknown-rule-set": "die regelset is er niet",
    "own-proposal": "eigen voorstel",
    "is-proposed": "al voorgesteld",
    "is-approved": "al goedgekeurd",
    "is-active": "geldt al",
    "is-retired": "gold eerder",
}
_ATTEMPTS: Final = {
    "accepted": "aangenomen",
    "duplicate": "al ontvangen",
    "offered": "ligt klaar",
    "refused": "geweigerd",
    "try-later": "later opnieuw",
    "unknown": "onbekend of het aankwam",
    "timed-out": "geen antwoord op tijd",
    "timed-out-there": "daar duurde het te lang",
    "disconnected": "verbinding verbroken",
    "too-early": "te vroeg",
    "throttled": "te vaak",
    "unavailable": "even niet beschikbaar",
    "failed-there": "storing bij de partner",
    "redirected": "doorverwezen naar een ander adres",
    "not-authorised": "geen toegang",
    "clocks-apart": "geen toegang: de klokken lopen uiteen",
    "no-such-address": "dat adres is er niet",
    "conflict": "botst met iets anders",
    "gone": "opgeheven",
    "several-matches": "meer dan één gevonden",
    "not-accepted": "niet aangenomen",
    "entry-refused": "een onderdeel geweigerd",
    "error-in-answer": "fout in het antwoord",
    "unreadable-answer": "antwoord niet te lezen",
    "unreadable-task": "Task niet te lezen",
    "answer-too-long": "antwoord te lang",
    "subscription-over": "de Subscription is daar geëindigd",
    "not-answered": "niet beantwoord",
    "not-kept": "niet bewaard",
    "patient-kept": "gegevens van de betrokkene bleven staan",
    "lease-over": "tijd voor de poging voorbij",
}
_CONNECTING: Final = {
    "no-address": "naam heeft geen adres",
    "no-connection": "geen verbinding",
    "no-room-here": "bij ons geen ruimte voor een verbinding",
    "connect-timed-out": "verbinden duurde te lang",
    "address-refused": "adres niet toegestaan",
    "other-origin": "andere host of poort dan afgesproken",
    "no-tls": "geen TLS",
    "tls-too-old": "te oude TLS",
    "certificate-expired": "certificaat verlopen",
    "certificate-invalid": "certificaat ongeldig",
    "certificate-not-yet-valid": "certificaat nog niet geldig",
    "certificate-untrusted": "certificaat niet vertrouwd",
    "client-certificate-refused": "ons certificaat geweigerd",
    "wrong-host": "certificaat van een ander",
    "wrong-pin": "andere sleutel dan afgesproken",
    "no-secret": "geheim ontbreekt bij ons",
    "token-unreadable": "bewijs van toegang niet te lezen",
    "token-clocks-apart": "onze client niet herkend: de klokken lopen uiteen",
    "token-invalid-client": "onze client is daar onbekend",
    "token-invalid-scope": "bevoegdheid geweigerd",
}
_STANDING: Final = {
    "too-old": "te lang geprobeerd",
    "not-fetched": "niet opgehaald",
    "kills-its-sender": "notify valt om bij het versturen",
    "partner-disabled": "partner staat uit",
    "disabled-by-a-person": "door een mens uitgezet",
    "enabled": "weer aangezet",
    "answers": "antwoordt weer",
    "failing": "blijft falen",
    "not-live": "partner staat niet live",
    "never-checked": "nooit gekeurd",
    "changed-since-check": "gewijzigd sinds de keuring",
    "check-expired": "keuring verlopen",
    "check-ends": "keuring loopt af",
    "passed": "geslaagd",
    "failed": "gezakt",
    "invalid-bundle": "bericht klopt niet",
    "not-our-schema": "niet ons schema",
    "seal-broken": "verzegeling verbroken",
    "key-destroyed": "sleutel vernietigd",
    "key-unknown": "sleutel onbekend",
    "keyring-unavailable": "sleutels even niet bereikbaar",
    "unknown-corporation": "onbekende corporatie",
    "superseded": "vervangen door een nieuwere",
    "dismissed": "afgewezen",
    "dismissed-before": "eerder afgewezen",
    "withdrawn": "ingetrokken",
    "recalled": "ingetrokken terwijl onbekend was of het aankwam",
    "foreign": "van een andere partner",
    "closed": "al afgesloten",
    "not-going": "gaat er niet meer heen, en de partner heeft het toch",
    "reported": "de partner meldt erover",
    "unknown-revision": "onbekende versie",
    "emergency": "noodgeval",
    "emergency-call": "bel ook",
    "not-delivered": "niet bezorgd",
    "not-seen": "niet gezien",
    "no-outcome": "geen uitkomst",
    "turned-down": "niet aangenomen door de partner",
    "contradicted": "de partner zegt iets anders dan hier staat",
    "not-in-area": "niet in ons gebied",
    "other-help": "andere hulp nodig",
    "unknown-partner": "onbekende partner",
    "no-capacity": "geen plaats",
    "known-already": "al bekend",
    "not-enough-known": "te weinig bekend",
    "cannot-be-reached": "niet te bereiken",
    "other": "anders",
}

DUTCH: Final[Mapping[str, str]] = MappingProxyType(_READING | _REDRIVING | _RULES | _ATTEMPTS | _CONNECTING | _STANDING)

_AT_TOKEN_ENDPOINT: Final = "token-"  # noqa: S105  a prefix
_AT_WHOM: Final = "bij de uitgever van onze toegang"
_SHARE: Final = re.compile(r"failing-(\d+)")
_OURS: Final = "unexpected-"


def dutch(code: str) -> str | None:
    """Its word, without its code; None of one that we do not know, from a later version."""
    if code in DUTCH:
        return DUTCH[code]
    if share := _SHARE.fullmatch(code):
        return f"op {share[1]} % van de weg naar uitzetten"
    if code.startswith(_OURS):
        return "onverwachte fout bij ons"
    rest = DUTCH.get(code.removeprefix(_AT_TOKEN_ENDPOINT)) if code.startswith(_AT_TOKEN_ENDPOINT) else None
    return f"{rest} {_AT_WHOM}" if rest else None


def unknown(code: str) -> str | None:
    """Nothing of a reason that there is; of any other the one that was probably meant, or an empty text."""
    if code in why.REASONS or dutch(code) is not None:
        return None
    return next(iter(get_close_matches(code, sorted({*why.REASONS, *DUTCH}), n=1, cutoff=0.75)), "")


def beside(code: str, language: Language) -> str:
    """A reason as lists show it: by its code, which one chooses by, in Dutch behind its word."""
    known = why.REASONS.get(code)
    word = None if language == "en" else known.nl if known else dutch(code)
    return f"{word} ({code})" if word else code
