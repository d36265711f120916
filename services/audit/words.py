"""Every fact in a sentence a person understands, in English and in Dutch: one table, for terminal and page alike."""

from typing import Final

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.decision import Effect
from schemas.delivery import DeliveryState
from schemas.words import Words

FACTS: Final[dict[Fact, Words]] = {
    Fact.SIGNAL_ACCEPTED: Words("Signal accepted and sealed", "Signaal aangenomen en verzegeld"),
    Fact.EVENT_IGNORED: Words("Event passed over: it is no signal", "Gebeurtenis overgeslagen: het is geen signaal"),
    Fact.BSN_REMOVED: Words("Citizen service number removed", "Burgerservicenummer verwijderd"),
    Fact.RECORD_PARKED: Words("Record set aside: it could not be read", "Bericht apart gezet: niet te lezen"),
    Fact.RECORD_REDRIVEN: Words("Record that was set aside sent again", "Apart gezet bericht opnieuw aangeboden"),
    Fact.RECORD_EXPIRED: Words("Deleted by Kafka before it was read", "Door Kafka verwijderd voor het was gelezen"),
    Fact.SIGNAL_DECIDED: Words("Recipients decided by rule", "Ontvangers bepaald volgens de regels"),
    Fact.SIGNAL_DUPLICATE: Words("Known already: nothing more to do", "Al bekend: niets meer te doen"),
    Fact.SIGNAL_OVERTAKEN: Words("Overtaken: a later change is known", "Ingehaald: een latere wijziging is bekend"),
    Fact.SIGNAL_WITHDRAWN: Words("Signal withdrawn by the corporation", "Signaal ingetrokken door de corporatie"),
    Fact.REFERRAL_QUEUED: Words("Referral ready to be delivered", "Verwijzing klaar om te bezorgen"),
    Fact.REFERRAL_DUPLICATE: Words("Referral known already", "Verwijzing al bekend"),
    Fact.REFERRAL_HELD: Words("Referral waits for a person to decide", "Verwijzing wacht op een besluit van een mens"),
    Fact.REFERRAL_RELEASED: Words("Released by a person", "Vrijgegeven door een mens"),
    Fact.REFERRAL_DISMISSED: Words("Dismissed by a person", "Afgewezen door een mens"),
    Fact.REFERRAL_CANCELLED: Words("Cancelled: it is no longer needed", "Geannuleerd: niet meer nodig"),
    Fact.REFERRAL_OVERDUE: Words("Deadline passed: a person must look", "Termijn verstreken: een mens moet kijken"),
    Fact.REFERRAL_ESCALATED: Words(
        "Still undecided: put before a second person", "Nog geen besluit: naar de volgende persoon"
    ),
    Fact.REFERRAL_REASSIGNED: Words("Given to another person to decide", "Aan iemand anders voorgelegd"),
    Fact.CALL_OPENED: Words("A person must telephone", "Er moet iemand bellen"),
    Fact.CALL_DONE: Words("A person telephoned", "Er is gebeld"),
    Fact.CALL_OVERDUE: Words("Nobody has telephoned in time", "Er is niet op tijd gebeld"),
    Fact.DELIVERY_ATTEMPTED: Words("Delivery tried", "Bezorging geprobeerd"),
    Fact.DELIVERY_DELIVERED: Words("Delivered: the partner has it", "Bezorgd: de partner heeft het"),
    Fact.DELIVERY_PARKED: Words("Cannot be delivered: a person must look", "Niet te bezorgen: een mens moet kijken"),
    Fact.CONTENT_FETCHED: Words("Fetched by the partner", "Opgehaald door de partner"),
    Fact.CONTENT_REFUSED: Words(
        "A partner asked for another's referral: refused",
        "Partner vroeg verwijzing van een ander: geweigerd",
    ),
    Fact.PROGRESS_CHANGED: Words("The partner reported progress", "De partner meldde voortgang"),
    Fact.PROGRESS_REFUSED: Words("A partner's report was refused", "Een melding van een partner is geweigerd"),
    Fact.PROGRESS_OVERDUE: Words("The partner has not answered in time", "De partner heeft niet op tijd geantwoord"),
    Fact.PARTNER_WARNED: Words("A partner needs looking after", "Een partner vraagt aandacht"),
    Fact.PARTNER_DISABLED: Words("Nothing more is sent to a partner", "Naar een partner wordt niets meer gestuurd"),
    Fact.PARTNER_ENABLED: Words("A partner is sent to again", "Naar een partner wordt weer gestuurd"),
    Fact.PARTNER_CHECKED: Words("A partner was put to the test", "Een partner is gekeurd"),
    Fact.PARTNER_PROPOSED: Words("Proposed to go live unproven", "Voorgesteld om zonder keuring toe te laten"),
    Fact.PARTNER_ADMITTED: Words("A partner goes live by two persons' word", "Partner toegelaten door twee personen"),
    Fact.BREAKER_OPENED: Words("A partner is left alone for a while", "Een partner wordt even met rust gelaten"),
    Fact.BREAKER_CLOSED: Words("A partner answers again", "Een partner antwoordt weer"),
    Fact.OUTCOME_TOLD: Words("Corporation told what became of it", "Corporatie heeft gehoord hoe het afliep"),
    Fact.COMMAND_TAKEN: Words("A person's command was taken up", "Opdracht van een mens is opgepakt"),
    Fact.COMMAND_REFUSED: Words("Command could not be carried out", "Opdracht kon niet worden uitgevoerd"),
    Fact.RULES_PROPOSED: Words("Rule set proposed", "Regels voorgesteld"),
    Fact.RULES_APPROVED: Words("Rule set approved by a second person", "Regels goedgekeurd door een tweede persoon"),
    Fact.RULES_ACTIVATED: Words("Rule set put in force", "Regels van kracht geworden"),
    Fact.RULES_RETIRED: Words("Rule set no longer in force", "Regels niet meer van kracht"),
    Fact.RULES_REFUSED: Words("Rule set refused: the one in force stays", "Regels geweigerd: de geldende blijven"),
}

UNKNOWN: Final = Words("Fact of a later version", "Feit uit een latere versie")
"""While stages are upgraded one after the other, an older reader meets what only the new one writes."""

STAGES: Final[dict[Stage, Words]] = {
    Stage.INGEST: Words("Ingest", "Aannemen"),
    Stage.ROUTER: Words("Router", "Bepalen"),
    Stage.NOTIFY: Words("Notify", "Bezorgen"),
    Stage.AUDIT: Words("Audit", "Vastleggen"),
    Stage.CONSOLE: Words("Console", "Console"),
}

STATES: Final[dict[DeliveryState, Words]] = {
    DeliveryState.HELD: Words("held", "wacht op een mens"),
    DeliveryState.PENDING: Words("being delivered", "wordt bezorgd"),
    DeliveryState.DELIVERED: Words("delivered", "bezorgd"),
    DeliveryState.PARKED: Words("parked", "apart gezet"),
    DeliveryState.DISMISSED: Words("dismissed", "afgewezen"),
    DeliveryState.CANCELLED: Words("cancelled", "geannuleerd"),
}

EFFECTS: Final[dict[Effect, Words]] = {
    Effect.REFER: Words("refers to", "verwijst naar"),
    Effect.HOLD: Words("holds for a person", "legt voor aan een mens"),
    Effect.RECORD: Words("records only", "legt alleen vast"),
}

LEADS_TO: Final[dict[Fact, DeliveryState]] = {
    Fact.REFERRAL_QUEUED: DeliveryState.PENDING,
    Fact.REFERRAL_HELD: DeliveryState.HELD,
    Fact.REFERRAL_RELEASED: DeliveryState.PENDING,
    Fact.REFERRAL_DISMISSED: DeliveryState.DISMISSED,
    Fact.REFERRAL_CANCELLED: DeliveryState.CANCELLED,
    Fact.DELIVERY_DELIVERED: DeliveryState.DELIVERED,
    Fact.DELIVERY_PARKED: DeliveryState.PARKED,
}
"""The state a fact's own words tell: only another one need be told."""

RULE: Final = Words("rule", "regel")
SAW: Final = Words("saw", "zag")
ATTEMPT: Final = Words("attempt", "poging")
NEXT: Final = Words("next at", "volgende om")
DEADLINE: Final = Words("deadline", "uiterlijk")
REFERRAL: Final = Words("referral", "verwijzing")
REFERRALS: Final = Words("referrals", "verwijzingen")
FIELD: Final = Words("field", "veld")
BY: Final = Words("by", "door")
STATED: Final = Words("legal basis stated", "genoemde grondslag")
DESPITE: Final = Words("despite", "ondanks")
GIVEN_TO: Final = Words("now with", "nu bij")
VERSION: Final = Words("version", "versie")
RULES: Final = Words("by rules version", "volgens regelversie")

EMPTY: Final = Words("nothing has been recorded yet", "er is nog niets vastgelegd")
NONE: Final = Words("there is no such line", "zo'n regel is er niet")
NONE_AFTER: Final = Words("there is nothing after line {}", "er is niets na regel {}")
LAST: Final = Words("the last line of the log is", "de laatste regel van het logboek is")

NO_ID: Final = Words(
    "an id has {} hex digits; give it whole, or the first {} of it or more",
    "een id heeft {} hexadecimale cijfers; geef ze alle, of de eerste {} of meer",
)
NOTHING_BEGINS: Final = Words(
    "nothing in the log has an id that begins with {}: is the audit stage behind?",
    "niets in het logboek heeft een id die begint met {}: loopt audit achter?",
)
MANY_BEGIN: Final = Words("{} is the beginning of more than one: {}", "met {} begint er meer dan één: {}")
