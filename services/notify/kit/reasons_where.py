"""REASONS that read otherwise where there is no FHIR server, where we sign, and at a token endpoint."""

from typing import Final

from schemas.words import Words
from services.notify.kit.reason import Reason, reason

_NO_SERVER: Final[dict[str, Reason]] = {
    "no-such-address": reason(
        "There is nothing at this address.", "Er is niets op dit adres.",
        "Give us the address where referrals are taken.", "Geef ons het adres waar verwijzingen worden aangenomen.",
    ),
    "not-answered": reason(
        "Your receipts address did not say what you hold.", "Uw receipts-adres zei niet wat u hebt.",
        'Answer `GET …?referral=ID` there with 200 and {{"records": 1, "revision": 2, "status": "accepted"}}.',
        'Beantwoord daar `GET …?referral=ID` met 200 en {{"records": 1, "revision": 2, "status": "accepted"}}.',
    ),
}  # fmt: skip

_MESSAGE: Final[dict[str, Reason]] = _NO_SERVER | {
    "unreadable-answer": reason(
        "Your answer was none to what we sent.", "Uw antwoord paste niet bij wat wij stuurden.",
        "Answer a message with 2xx and no body, an OperationOutcome without errors, or a Bundle. Look whether a proxy "
        "shows a page instead.",
        "Beantwoord een bericht met 2xx zonder inhoud, met een OperationOutcome zonder fouten of met een Bundle. Kijk "
        "of een proxy een pagina toont.",
    ),
    "conflict": reason(
        "You answered 409, which says that you have it already, or nothing.",
        "U antwoordde 409: dat zegt dat u het al hebt, of niets.",
        "Take a message whose MessageHeader.id is new to you. What you have, answer with 409 and an OperationOutcome "
        "whose only issue code is `duplicate`.",
        "Neem een bericht aan waarvan MessageHeader.id nieuw voor u is. Wat u hebt, beantwoordt u met 409 en een "
        "OperationOutcome met als enige code `duplicate`.",
    ),
}  # fmt: skip

_SIGNED: Final[dict[str, Reason]] = _NO_SERVER | {
    "not-authorised": reason(
        "You did not let us in.", "U liet ons niet binnen.",
        "Verify the signature over the bytes as they came, before any JSON is read and written again, with the key we "
        "agreed on and by a clock that is right. Was a token or header agreed, check that too.",
        "Controleer de handtekening over de bytes zoals ze binnenkwamen, voordat JSON is gelezen en weer geschreven, "
        "met de afgesproken sleutel en een klok die gelijk loopt. Is er een token of header afgesproken, kijk ook "
        "daarnaar.",
    ),
}  # fmt: skip

ON_CHANNEL: Final[dict[str, dict[str, Reason]]] = {
    "fhir-message": _MESSAGE,
    "webhook": _SIGNED,
    "notified-pull": _SIGNED,
}
"""By the type of the channel; what does not stand here reads the same on each."""

BY_STATUS: Final[dict[tuple[str, int], Reason]] = {
    ("refused", 405): reason(
        "Your server takes no POST at this address.", "Uw server neemt op dit adres geen POST aan.",
        "Give us the address that takes what we POST: of a FHIR server its base, where it takes transactions.",
        "Geef ons het adres dat onze POST aanneemt: van een FHIR-server de basis, waar zij transacties aanneemt.",
    ),
    ("refused", 406): reason(
        "Your server does not answer in the form that we ask for.",
        "Uw server antwoordt niet in de vorm die wij vragen.",
        "Answer in what our `Accept` names, as in our examples.",
        "Antwoord in wat onze `Accept` noemt, zie onze voorbeelden.",
    ),
    ("refused", 415): reason(
        "Your server does not take the form in which we write.",
        "Uw server neemt de vorm waarin wij schrijven niet aan.",
        "Take the `Content-Type` of our examples, with and without its parameters.",
        "Neem de `Content-Type` van onze voorbeelden aan, met en zonder de parameters erin.",
    ),
    ("failed-there", 501): reason(
        "Your server cannot do what we asked.", "Uw server kan niet wat wij vroegen.",
        "Give us an address that can: a FHIR server must take transactions with conditional create and update.",
        "Geef ons een adres dat het kan: een FHIR-server moet transacties met conditional create en update aannemen.",
    ),
}  # fmt: skip
"""By the code and the HTTP status together, where the code alone says little."""

AT_TOKEN: Final[dict[str, Reason]] = {
    "invalid-client": reason(
        "Your token endpoint does not take us for our client.", "Uw tokenserver herkent ons niet als onze client.",
        "Register our client id with the key or secret we agreed on; of an assertion, read our JWKS again, take your "
        "token URL for its `aud`, and set your clock by NTP.",
        "Registreer ons client-id met de afgesproken sleutel of het geheim; lees bij een assertion onze JWKS opnieuw, "
        "neem uw token-URL aan als `aud`, en zet uw klok gelijk met NTP.",
    ),
    "invalid-scope": reason(
        "Your token endpoint does not give us the scope we asked for.", "Uw tokenserver geeft ons de scope niet.",
        "Allow our client the scope that we agreed on, or tell us the right one.",
        "Sta onze client de afgesproken scope toe, of noem ons de juiste.",
    ),
    "refused": reason(
        "Your token endpoint refused us a token.", "Uw tokenserver weigerde ons een token.",
        "Check the address you gave us, that it takes client_credentials from us, and what its log says.",
        "Controleer het adres dat u ons gaf, of het client_credentials van ons aanneemt, en wat in de log staat.",
    ),
    "unreadable": reason(
        "Your token endpoint answered 200, and not with a token.", "Uw tokenserver antwoordde 200, zonder token.",
        "Answer in JSON: access_token, token_type Bearer, expires_in. Look whether a proxy shows a page instead.",
        "Antwoord in JSON: access_token, token_type Bearer, expires_in. Kijk of een proxy een pagina toont.",
    ),
    "unavailable": reason(
        "Your token endpoint was not available.", "Uw tokenserver was niet beschikbaar.",
        "Keep it available for a whole trial. Look in its log for what failed.",
        "Houd hem een hele proef lang beschikbaar. Kijk in de log wat er faalde.",
    ),
    "throttled": reason(
        "Your token endpoint allows fewer requests than a trial needs.",
        "Uw tokenserver staat minder verzoeken toe dan een proef nodig heeft.",
        "Allow us a token a minute.", "Sta ons een token per minuut toe.",
    ),
}  # fmt: skip
"""By the code that stands behind `token-`; any other is what it is where referrals go, and is told to be there."""

THERE: Final = Words("At your token endpoint:", "Bij uw tokenserver:")
