"""REASONS of what is found of a Subscription, and of the notifications by it."""

from typing import Final

from services.notify.kit.reason import Reason, reason

NOTIFYING: Final[dict[str, Reason]] = {
    "nowhere-reached": reason(
        "This was not tried, and does not count as passed: we gave you no address to notify.",
        "Dit is niet geprobeerd, en telt niet als gelukt: wij gaven u geen adres om ons te waarschuwen.",
        "Ours to mend: run the check with --listen HOST:PORT, and with --public-url when you write that otherwise.",
        "Aan ons: draai de proef met --listen HOST:PORT, en met --public-url als u dat anders schrijft.",
    ),
    "subscription-refused": reason(
        "You did not take our Subscription.", "U nam onze Subscription niet aan.",
        "Let our token create a `rest-hook` Subscription with the topic and filter of your entry, or agree on polling.",
        "Laat ons token een `rest-hook` Subscription maken met het topic en filter van uw regel, of spreek polling af.",
    ),
    "no-handshake": reason(
        "You took our Subscription, and no handshake came in {seconds} s.",
        "U nam onze Subscription aan, en in {seconds} s kwam er geen handshake.",
        "POST the handshake to its `endpoint` with every line of its `header`; open your firewall towards us.",
        "POST de handshake naar het `endpoint` erin, met elke regel van `header`; open uw firewall naar ons.",
    ),
    "not-active": reason(
        "Our Subscription was not active with you after {seconds} s.",
        "Onze Subscription was na {seconds} s niet actief bij u.",
        "Set it to `active` once we answered 200, and let our token read it.",
        "Zet haar op `active` zodra wij 200 antwoordden, en laat ons token haar lezen.",
    ),
    "not-ended": reason(
        "We could not end our Subscription with you.", "Wij konden onze Subscription bij u niet beëindigen.",
        "Answer it with its id, and take our PUT of it with status `off`. Delete the one of this trial yourself.",
        "Antwoord met haar id, en neem onze PUT met status `off` aan. Verwijder die van deze proef zelf.",
    ),
    "not-subscribed": reason(
        "No Subscription was active, so nothing could come back.",
        "Er was geen Subscription actief, dus er kon niets terugkomen.",
        "Mend what is above, and try again.", "Herstel wat hierboven staat, en probeer opnieuw.",
    ),
    "not-notified": reason(
        "Your Task changed, and in {seconds} s no notification told us.",
        "Uw Task veranderde, en in {seconds} s liet u ons dat niet weten.",
        "POST an event-notification at every change of a Task we sent; its `focus` is that Task, on your own server.",
        "POST een event-notification bij elke wijziging van een Task van ons; `focus` is die Task, op uw eigen server.",
    ),
    "notification-unreadable": reason(
        "You notified us with what is no notification.", "U stuurde ons iets wat geen notificatie is.",
        "Send a Bundle with its status first and only ids; where no topic is agreed on, an empty body.",
        "Stuur een Bundle met de status voorop en alleen id's; waar geen topic is afgesproken, een lege body.",
    ),
    "more-than-ids": reason(
        "Your notification carried more than ids.", "Uw notificatie bevatte meer dan id's.",
        "Heed `id-only`: no resource beside the status, and no `display` in it. We read the Task with you.",
        "Volg `id-only`: geen resource naast de status, en geen `display` erin. Wij lezen de Task bij u.",
    ),
    "not-readable": reason(
        "You notified us of the Task, and we could not read it.",
        "U wees ons op de Task, en wij konden die niet lezen.",
        "Let our token read the Tasks we sent, by their id, as soon as you notify us.",
        "Laat ons token de Tasks lezen die wij stuurden, op hun id, zodra u ons waarschuwt.",
    ),
}  # fmt: skip
