"""WORDS: what people at a partner read, in the language of the country. Codes stay codes."""

from typing import Final, Literal

from schemas import code_words
from schemas.codes import Certainty, Kind, PersonRole
from schemas.words import Language

Country = Literal["NL", "GB"]

SPOKEN: Final[dict[Country, Language]] = {"NL": "nl", "GB": "en"}
"""The language of who reads it there."""

KINDS: Final[dict[Country, dict[Kind, str]]] = {
    "NL": {kind: code_words.KINDS[kind].nl for kind in Kind},
    "GB": {kind: code_words.KINDS[kind].en for kind in Kind},
}

CERTAINTY: Final[dict[Country, dict[Certainty, str]]] = {
    "NL": {Certainty.OBSERVED: "waargenomen", Certainty.TOLD: "verteld", Certainty.SUSPECTED: "vermoed"},
    "GB": {Certainty.OBSERVED: "observed", Certainty.TOLD: "told", Certainty.SUSPECTED: "suspected"},
}

ROLES: Final[dict[Country, dict[PersonRole, str]]] = {
    "NL": {
        PersonRole.POSSIBLE_VICTIM: "mogelijk slachtoffer",
        PersonRole.CHILD: "kind",
        PersonRole.ALLEGED_PERPETRATOR: "vermoedelijke pleger (niet vastgesteld)",
        PersonRole.HOUSEHOLD_MEMBER: "lid van het huishouden",
    },
    "GB": {
        PersonRole.POSSIBLE_VICTIM: "possible victim",
        PersonRole.CHILD: "child",
        PersonRole.ALLEGED_PERPETRATOR: "alleged perpetrator (not established)",
        PersonRole.HOUSEHOLD_MEMBER: "member of the household",
    },
}

_SUSPICION: Final[dict[Country, str]] = {
    "NL": "Vermoeden, niet bevestigd: {kind}",
    "GB": "Suspected, not confirmed: {kind}",
}
SUSPICIONS: Final[dict[Country, dict[Kind, str]]] = {
    country: {kind: _SUSPICION[country].format(kind=text) for kind, text in kinds.items()}
    for country, kinds in KINDS.items()
}

ASK: Final[dict[Country, str]] = {
    "NL": "Beoordeel het vermoeden en koppel de voortgang terug.",
    "GB": "Assess what is suspected and report progress.",
}
COUNTS_AS_YES: Final[dict[Country, str]] = {"NL": "ga uit van ja", "GB": "take it as yes"}
"""Said beside what nobody knows about danger."""

TOLD_IN_TASK: Final[dict[Country, dict[str, str]]] = {
    "NL": {"observation": "wat is opgemerkt", "safe-contact": "hoe contact veilig kan"},
    "GB": {"observation": "what was noticed", "safe-contact": "how contact is safe"},
}
WITHDRAWN: Final[dict[Country, str]] = {"NL": "Ingetrokken door de melder.", "GB": "Withdrawn by the referrer."}
NO_CONTACT: Final[dict[Country, str]] = {
    "NL": "Geen contact opnemen met de betrokkene: niet bellen, schrijven of langsgaan; er is geen veilig contact.",
    "GB": "Do not contact the person: no call, letter or visit; no safe contact is known.",
}
_WAYS: Final = {"telefoon": "telefoon", "mobiel": "mobiel", "email": "e-mail", "e-mail": "e-mail"}
SAFE_CONTACT: Final[dict[Country, str]] = {
    "NL": "Alleen contact zoals hier staat",
    "GB": "Contact only as stated here",
}
HOW_NOT_SAID: Final[dict[Country, str]] = {
    "NL": "Contact mag, maar hoe en wanneer dat veilig kan is niet gezegd; ga dat eerst na bij de melder",
    "GB": "Contact is allowed, but how and when it is safe was not said; ask the referrer first",
}
WAYS: Final[dict[Country, dict[str, str]]] = {
    "NL": _WAYS | {"phone": "telefoon", "mobile": "mobiel"},
    "GB": _WAYS | {"telefoon": "telephone", "phone": "telephone", "mobiel": "mobile"},
}
"""How to make contact, as corporations write it in either language; what is not here is told as it was written."""

NO_MESSAGE: Final[dict[Country, str]] = {"NL": "geen bericht achterlaten", "GB": "leave no message"}
LANGUAGE: Final[dict[Country, str]] = {"NL": "taal", "GB": "language"}
STAFF_SAFETY: Final[dict[Country, str]] = {
    "NL": "Bezoek met twee medewerkers.",
    "GB": "Visit with two members of staff.",
}
REPORTER: Final[dict[Country, str]] = {
    "NL": "Melder, alleen voor de ontvanger en niet voor het gezin",
    "GB": "Reported by, for the recipient only and not for the family",
}
QUESTIONS: Final[dict[Country, str]] = {"NL": "Vragen over deze verwijzing", "GB": "Questions about this referral"}
AGAIN: Final[dict[Country, str]] = {"NL": "Gewijzigd", "GB": "Changed"}
"""Before what is asked once more, as the referrer knows more now."""

AS_KNOWN: Final[dict[Country, str]] = {
    "NL": "Om wie het gaat, zoals de melder het nu weet",
    "GB": "Whom it is about, as the referrer knows it now",
}
