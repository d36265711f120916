"""MISCHIEF WORDS: what a partner does that misbehaves, in English and Dutch; N is the number given."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

ABOUT: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "slow": Words("waits N seconds before each answer", "wacht N seconden voor elk antwoord"),
        "drip": Words("keeps it, answers a byte every N seconds", "bewaart het, antwoordt elke N seconden een byte"),
        "hang": Words("never answers, keeps nothing", "antwoordt nooit, bewaart niets"),
        "unavailable": Words("503 for N seconds, then well", "N seconden lang 503, dan goed"),
        "error-after": Words("keeps it, answers 500", "bewaart het, antwoordt 500"),
        "lost-after": Words("keeps it, the answer is lost", "bewaart het, het antwoord gaat verloren"),
        "rate-limit": Words(
            "N requests a second, then 429 with Retry-After", "N verzoeken per seconde, dan 429 met Retry-After"
        ),
        "redirect": Words("307 to another address", "307 naar een ander adres"),
        "gzip-bomb": Words("keeps it, answers N MB of gzip", "bewaart het, antwoordt N MB gzip"),
        "outcome-instead": Words(
            "200 with an OperationOutcome of an error", "200 met een OperationOutcome van een fout"
        ),
        "several-matches": Words("412 to whatever is sent", "412 op alles wat komt"),
        "forgets": Words("answers well, keeps nothing", "antwoordt goed, bewaart niets"),
        "denies": Words(
            "FHIR: keeps it, and finds nothing when asked", "FHIR: bewaart het, en vindt niets als wij vragen"
        ),
        "wrong-certificate": Words("TLS: an authority nobody knows", "TLS: een autoriteit die niemand kent"),
        "changed-key": Words("TLS: another key than was agreed", "TLS: een andere sleutel dan afgesproken"),
        "clock-off": Words("its clock is N days ahead", "zijn klok loopt N dagen voor"),
        "duplicates-there": Words(
            "FHIR: what arrives is there already, twice", "FHIR: wat aankomt is er al, twee keer"
        ),
        "doubles": Words("the same again is kept again", "hetzelfde nog eens wordt nog eens bewaard"),
        "first-only": Words("later revisions change nothing", "latere versies veranderen niets"),
        "latest-wins": Words(
            "an old revision that comes again overwrites a newer one",
            "een oude versie die weer komt, overschrijft een nieuwere",
        ),
        "deaf-to-cancel": Words("a withdrawal changes nothing", "een intrekking verandert niets"),
        "keeps-patient": Words(
            "FHIR: a Patient stays as it first came", "FHIR: een Patient blijft zoals die eerst kwam"
        ),
        "any-signature": Words("takes any signature", "neemt elke handtekening aan"),
        "any-time": Words("takes a signature of long ago", "neemt een handtekening van lang geleden aan"),
        "any-token": Words("takes any token, or none", "neemt elk token aan, of geen"),
        "refuses-subscription": Words("FHIR: takes no Subscription", "FHIR: neemt geen Subscription aan"),
        "no-handshake": Words(
            "FHIR: takes a Subscription, and never tries it", "FHIR: neemt een Subscription aan, en probeert die nooit"
        ),
        "never-notifies": Words(
            "FHIR: shakes hands, and notifies nobody", "FHIR: doet de handshake, en meldt niemand iets"
        ),
        "tells-more": Words(
            "FHIR: notifies with the Task, where ids were asked for",
            "FHIR: meldt met de Task, waar om id's was gevraagd",
        ),
        "hides-task": Words("FHIR: lets nobody read a Task by its id", "FHIR: laat niemand een Task op id lezen"),
        "silent": Words("never says what becomes of it", "zegt nooit wat ervan wordt"),
    }
)
"""By the names of `MISCHIEF`."""
