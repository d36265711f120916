"""WORDS of a report, for a partner's supplier: what we did, and for each reason what came back and what must change."""

from typing import Final

from schemas.words import Words
from services.notify.kit.report import Check, Verdict

VERDICTS: Final[dict[Verdict, Words]] = {
    Verdict.PASSED: Words("passed", "in orde"),
    Verdict.FAILED: Words("failed", "niet in orde"),
    Verdict.NOT_SHOWN: Words("not shown", "niet aangetoond"),
    Verdict.NOT_ASKED: Words("not asked of you", "niet gevraagd"),
}

NAMES: Final[dict[Check, Words]] = {
    Check.TLS: Words("The connection is yours", "De verbinding is van u"),
    Check.ARRIVES: Words("A new referral is taken", "Een nieuwe verwijzing wordt aangenomen"),
    Check.ONCE: Words("Sent twice, there once", "Twee keer gestuurd, één keer aanwezig"),
    Check.ASKED: Words("You say what arrived", "U zegt wat is aangekomen"),
    Check.ORDER: Words("The newest revision holds", "De nieuwste versie geldt"),
    Check.SUBSCRIPTION: Words("You take our Subscription", "U neemt onze Subscription aan"),
    Check.STATUS: Words("Your answer comes back", "Uw antwoord komt terug"),
    Check.CANCEL: Words("What is withdrawn is cancelled", "Wat is ingetrokken is geannuleerd"),
    Check.EMPTIED: Words("What is withdrawn tells of nobody", "Wat is ingetrokken, noemt niemand meer"),
    Check.SIGNATURE: Words("A wrong signature is refused", "Een verkeerde handtekening wordt geweigerd"),
    Check.TIMESTAMP: Words("An old signature is refused", "Een oude handtekening wordt geweigerd"),
    Check.TOKEN: Words("A wrong token is refused", "Een verkeerd token wordt geweigerd"),
    Check.IN_TIME: Words("You answer in time", "U antwoordt op tijd"),
    Check.SHORT: Words("Your answers can be read", "Uw antwoorden zijn te lezen"),
    Check.CLOCK: Words("Your clock is right", "Uw klok loopt gelijk"),
}

NOT_DONE: Final = frozenset({"nothing-arrived", "nothing-answered", "not-reached"})
"""Reasons by which we did not do what a check does."""

DID: Final[dict[Check, Words]] = {
    Check.TLS: Words("We connected, and looked who you are.", "Wij maakten verbinding en keken wie u bent."),
    Check.ARRIVES: Words("We sent a test referral.", "Wij stuurden een testverwijzing."),
    Check.ONCE: Words("We sent the same referral again.", "Wij stuurden dezelfde verwijzing nog eens."),
    Check.ASKED: Words(
        "We asked whether that referral arrived, as we do after a lost answer.",
        "Wij vroegen of die verwijzing is aangekomen, zoals na een verloren antwoord.",
    ),
    Check.ORDER: Words(
        "We sent a second revision, and then the first once more, as if it was late.",
        "Wij stuurden een tweede versie, en daarna de eerste nog eens, alsof die te laat kwam.",
    ),
    Check.SUBSCRIPTION: Words(
        "We look whether you take a Subscription of ours, set it active, and let us end it.",
        "Wij kijken of u een Subscription van ons aanneemt, actief maakt, en ons haar laat beëindigen.",
    ),
    Check.STATUS: Words(
        "We waited for you to accept the test referral.", "Wij wachtten tot u de testverwijzing accepteerde."
    ),
    Check.CANCEL: Words("We withdrew the referral.", "Wij trokken de verwijzing in."),
    Check.EMPTIED: Words(
        "We emptied the Patient that we had made with you, and looked what is left of it.",
        "Wij maakten de Patient leeg die wij bij u hadden gemaakt, en keken wat ervan over is.",
    ),
    Check.SIGNATURE: Words(
        "We sent a referral signed with a key that is not ours.",
        "Wij stuurden een verwijzing met een handtekening van een andere sleutel.",
    ),
    Check.TIMESTAMP: Words(
        "We sent a referral that was signed an hour ago.",
        "Wij stuurden een verwijzing die een uur geleden is ondertekend.",
    ),
    Check.TOKEN: Words(
        "We sent a referral with a token that is not ours.", "Wij stuurden een verwijzing met een verkeerd token."
    ),
    Check.IN_TIME: Words("We timed every answer.", "Wij maten elk antwoord."),
    Check.SHORT: Words("We read every answer, up to 64 KiB.", "Wij lazen elk antwoord, tot 64 KiB."),
    Check.CLOCK: Words("We looked at the Date of every answer.", "Wij keken naar de Date van elk antwoord."),
}

HTTP: Final = Words("You answered HTTP {status}.", "U antwoordde met HTTP {status}.")
TOOK: Final = Words("The longest took {seconds} s.", "Het langste duurde {seconds} s.")
READY: Final = Words("{partner} is ready.", "{partner} is klaar voor gebruik.")
UNTIL: Final = Words(
    "By this report real referrals may go there until {until}.",
    "Op grond van dit verslag mogen er echte verwijzingen heen tot {until}.",
)
NOT_KEPT: Final = Words(
    "This report was not kept: it lets no real referral go there.",
    "Dit verslag is niet bewaard: er mag geen echte verwijzing heen.",
)
OTHER_ENTRY: Final = Words(
    "NOTIFY_CONFIG has another entry than was tried here: real referrals go there once notify runs with this one.",
    "In NOTIFY_CONFIG staat iets anders dan hier is gekeurd: echte verwijzingen gaan er pas heen als dat er staat.",
)
NOT_READY: Final = Words(
    "{partner} is not ready: {count} of {all} checks stand in the way.",
    "{partner} is nog niet klaar: {count} van {all} controles staan in de weg.",
)
SAY_WHO: Final = Words(
    "a report that is kept says who made it: add --actor and your pseudonym, such as --actor operator-1. "
    "Or --no-keep, for a report that counts for nothing",
    "een verslag dat wordt bewaard zegt wie het maakte: geef --actor met uw pseudoniem, zoals --actor operator-1. "
    "Of --no-keep, voor een verslag dat niet meetelt",
)
