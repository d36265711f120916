"""REASONS of every finding, by their code."""

from typing import Final

from services.notify.kit.reason import NO_ANSWER, READ_BACK, Reason, reason
from services.notify.kit.reasons_notifying import NOTIFYING
from services.notify.kit.reasons_sending import ANSWERED, NOT_REACHED

SHOWN: Final[dict[str, Reason]] = {
    "not-new": reason(
        "You said that you had it, and it was new.", "U zei dat u het had, en het was nieuw.",
        "Tell referrals apart by our identifiers, all of the value.",
        "Houd verwijzingen uit elkaar met onze identifiers, de hele waarde.",
    ),
    "not-fetched": reason(
        "You took the notification, and nobody came for what lay ready.",
        "U nam het bericht aan, en niemand haalde op wat klaarlag.",
        "Fetch at every notification: GET its `url` with the token we agreed on.",
        "Haal op bij elk bericht: GET de `url` erin met het afgesproken token.",
    ),
    "came-as-another": reason(
        "You took the notification, and whoever came for what lay ready showed no token that we agreed on.",
        "U nam het bericht aan, en wie kwam halen wat klaarlag, toonde geen token dat wij afspraken.",
        "GET the `url` in it with `Authorization: Bearer` and the token we agreed on, and nothing around that.",
        "GET de `url` erin met `Authorization: Bearer` en het afgesproken token, zonder iets eromheen.",
    ),
    "came-for-something-else": reason(
        "You took the notification, and whoever came for what lay ready asked for something else.",
        "U nam het bericht aan, en wie kwam halen wat klaarlag, vroeg iets anders.",
        "GET the `url` in it as it stands, and accept `application/fhir+json` or `application/cloudevents+json`.",
        "GET de `url` erin zoals die is, en accepteer `application/fhir+json` of `application/cloudevents+json`.",
    ),
    "not-there": reason(
        "You took it, and do not have it.", "U nam het aan, en u hebt het niet.",
        "Answer 2xx only once it is kept, and let us find it by its identifier.",
        "Antwoord 2xx pas als het is bewaard, en laat ons het op zijn identifier vinden.",
    ),
    "twice-there": reason(
        "You have it {count} times.", "U hebt het {count} keer.",
        "Keep it once: heed `ifNoneExist`, or remember every webhook-id or MessageHeader.id you have taken.",
        "Bewaar het één keer: volg `ifNoneExist`, of onthoud elk webhook-id of MessageHeader.id dat u aannam.",
    ),
    "repeat-refused": reason(
        "You have it once, and refused the same again.", "U hebt het één keer, en weigerde hetzelfde nog eens.",
        "Answer what you have already with 2xx, or a message with 409 and an OperationOutcome whose only issue code is "
        "`duplicate`: an answer of yours that was lost has us send it again.",
        "Beantwoord wat u al hebt met 2xx, of een bericht met 409 en een OperationOutcome met als enige code "
        "`duplicate`: raakt een antwoord van u kwijt, dan sturen wij het nog eens.",
    ),
    "denied": reason(
        "You said that it had not arrived, though it had.", "U zei dat het niet was aangekomen, en dat was het wel.",
        *READ_BACK,
    ),
    "old-revision": reason(
        "You do not hold the second revision.", "U hebt de tweede versie niet.",
        "Take over a later revision, and never put an older one in its place.",
        "Neem een latere versie over, en zet er nooit een oudere voor in de plaats.",
    ),
    "still-open": reason(
        "It is still open with you.", "Het staat bij u nog open.",
        "Cancel it: Task.status is `cancelled`, `change` is `withdrawal`.",
        "Annuleer het: Task.status is `cancelled`, `change` is `withdrawal`.",
    ),
    "not-emptied": reason(
        "The Patient that we made still tells of somebody.", "De Patient die wij maakten vertelt nog van iemand.",
        "Take over our PUT of that Patient, all of it, also what is in it no longer.",
        "Neem onze PUT van die Patient over, helemaal, ook wat er niet meer in staat.",
    ),
    "no-status": reason(
        "In {seconds} s nobody with you said what becomes of it.",
        "In {seconds} s zei niemand bij u wat ermee gebeurt.",
        "Let somebody accept the test referral during the trial, and report it as we agreed.",
        "Laat iemand de testverwijzing tijdens de proef accepteren, en meld dat zoals afgesproken.",
    ),
    "believed": reason(
        "You took it: anybody could send you referrals.", "U nam het aan: iedereen kan u verwijzingen sturen.",
        "Refuse with 401 what has no valid signature, timestamp or token, before you keep anything.",
        "Weiger met 401 wat geen geldige handtekening, tijd of token heeft, voordat u iets bewaart.",
    ),
    "kept-though-refused": reason(
        "You refused it, and have it all the same.", "U weigerde het, en u hebt het toch.",
        "Look at the signature, timestamp and token before you keep anything.",
        "Kijk naar handtekening, tijd en token voordat u iets bewaart.",
    ),
    "not-refused": reason(
        "You did not say that you refused it.", "U zei niet dat u het weigerde.",
        "Answer it with 401.", "Beantwoord het met 401.",
    ),
    "too-slow": reason("The longest took {seconds} s.", "Het langste duurde {seconds} s.", *NO_ANSWER),
    "answer-too-long": reason(
        "An answer was longer than 64 KiB, or did not end.", "Een antwoord was langer dan 64 KiB, of eindigde niet.",
        "Answer short and uncompressed; heed `Prefer: return=minimal`.",
        "Antwoord kort en ongecomprimeerd; volg `Prefer: return=minimal`.",
    ),
    "clock-off": reason(
        "Your clock is {seconds} s off.", "Uw klok loopt {seconds} s verkeerd.",
        "Set your server's clock by NTP: signatures and tokens hold for five minutes.",
        "Zet de klok van uw server gelijk met NTP: handtekeningen en tokens gelden vijf minuten.",
    ),
    "no-receipts": reason(
        "Your channel cannot be asked what you hold.", "Aan uw kanaal is niet te vragen wat u hebt.",
        "Give us a `receipts` address on your test server that says it: records, revision and status of a referral.",
        "Geef ons een `receipts`-adres op uw testserver dat het zegt: records, revision en status van een verwijzing.",
    ),
    "receipts-unreadable": reason(
        "Your receipts address does not say it in the agreed form.",
        "Uw receipts-adres zegt het niet zoals afgesproken.",
        'Answer {{"records": 1, "revision": 2, "status": "accepted"}}.',
        'Antwoord {{"records": 1, "revision": 2, "status": "accepted"}}.',
    ),
    "search-unreadable": reason(
        "Your search was not answered with a searchset of Tasks.", "Op onze zoekvraag kwam geen searchset met Tasks.",
        *READ_BACK,
    ),
    "not-as-asked": reason(
        "Your search showed a Task without the identifier that we asked for.",
        "Op onze zoekvraag kwam een Task zonder de identifier waarnaar wij vroegen.",
        "Search by `identifier` with system and value, show nothing else, and keep our identifiers on the Task.",
        "Zoek op `identifier` met system en value, toon niets anders, en houd onze identifiers op de Task.",
    ),
    "not-found-together": reason(
        "Asked about two Tasks in one question, as we will ask you, you did not show ours.",
        "Toen wij naar twee Tasks in één vraag vroegen, zoals wij dat steeds doen, liet u de onze niet zien.",
        "Take several values in `identifier`, with commas between, and show it also where `_elements` asks for it.",
        "Neem in `identifier` meer waarden aan, met komma's ertussen, en toon het ook als `_elements` erom vraagt.",
    ),
    "task-unreadable": reason(
        "Your Task cannot be read.", "Uw Task is niet te lezen.",
        "Give it one of FHIR's task-status codes, and each time its zone: 2026-03-02T21:45:12Z.",
        "Geef hem een van de task-status-codes van FHIR, en elke tijd haar zone: 2026-03-02T21:45:12Z.",
    ),
    "nothing-arrived": reason(
        "Not tried, as the first referral did not go well.",
        "Niet geprobeerd, want met de eerste verwijzing ging het niet goed.",
        "Mend what is above, and try again.", "Herstel wat hierboven staat, en probeer opnieuw.",
    ),
    "nothing-answered": reason(
        "No answer came, so nobody could see.", "Er kwam geen antwoord, dus niemand kon het zien.",
        "Mend what is above, and try again.", "Herstel wat hierboven staat, en probeer opnieuw.",
    ),
    "not-reached": reason(
        "We did not come so far.", "Zover kwamen wij niet.",
        "Mend what is below, and try again.", "Herstel wat hieronder staat, en probeer opnieuw.",
    ),
}  # fmt: skip

BESIDE: Final[dict[str, Reason]] = {
    "within-networks": reason("In the clear, within agreed networks.", "Onversleuteld, binnen afgesproken netwerken."),
    "no-pin": reason(
        "No pin is agreed: whoever your authority vouches for would do.",
        "Er is geen pin afgesproken: wie uw uitgever vertrouwt, is goed genoeg.",
    ),
    "cannot-be-asked": reason("Your channel cannot be asked.", "Aan uw kanaal is niets te vragen."),
    "no-patient-made": reason(
        "We make no Patient on your channel.",
        "Op uw kanaal maken wij geen Patient.",
    ),
    "no-look": reason(
        "You let nobody look at a Patient: what becomes of ours is yours to answer for.",
        "U laat niemand een Patient zien: wat er met de onze gebeurt, is aan u.",
    ),
    "theirs-by-now": reason(
        "You made that Patient your own: what is in it is yours to answer for.",
        "U hebt die Patient tot de uwe gemaakt: wat erin staat, is aan u.",
    ),
    "no-subscription": reason("No Subscription was agreed.", "Er is geen Subscription afgesproken."),
    "no-feedback": reason("No feedback was agreed.", "Er is geen terugkoppeling afgesproken."),
    "not-signed": reason("Nothing is signed on your channel.", "Op uw kanaal wordt niets ondertekend."),
    "no-authentication": reason("No token was agreed.", "Er is geen token afgesproken."),
    "no-date": reason("Your answers have no Date.", "Uw antwoorden hebben geen Date."),
}

REASONS: Final = {**NOT_REACHED, **ANSWERED, **SHOWN, **NOTIFYING, **BESIDE}

UNKNOWN: Final = reason(
    "It went wrong in a way that has no words here: {reason}.",
    "Het ging mis op een manier zonder woorden hier: {reason}.",
    "Tell us this word.", "Noem ons dit woord.",
)  # fmt: skip
