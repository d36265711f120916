"""DESK WORDS: what a safeguarding lead reads at the desk, in English and Dutch. Codes stay beside their words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.call import CallReason
from schemas.codes import LegalBasis
from schemas.delivery import DeliveryState
from schemas.progress import Rejection
from schemas.words import Words
from services.notify.proposal import Proposal

HOLDS_WHEN: Final[Mapping[str, Words]] = MappingProxyType(
    {
        LegalBasis.WMO_5_2_6: Words(
            "to Veilig Thuis alone, also without consent", "alleen naar Veilig Thuis, ook zonder toestemming"
        ),
        LegalBasis.CONSENT: Words("when those concerned agreed", "als betrokkenen toestemming gaven"),
        LegalBasis.VITAL_INTEREST: Words(
            "in acute danger, and not against a refusal", "bij acuut gevaar, en niet tegen een weigering in"
        ),
        LegalBasis.COVENANT: Words(
            "to the Dutch partners who signed it", "naar de Nederlandse partners die het ondertekenden"
        ),
        LegalBasis.DPA_SAFEGUARDING: Words(
            "to partners in the United Kingdom", "naar partners in het Verenigd Koninkrijk"
        ),
    }
)
"""When each legal basis permits to share, in short; `schemas/legal.py` is what decides."""

NO_BASIS: Final = Words(
    "none permits sharing with that partner: choose another with --partner, or dismiss it with seinpaal held dismiss",
    "geen enkele staat delen met die partner toe: kies met --partner een ander, of wijs af met seinpaal held dismiss",
)
EXAMPLE: Final = Words("Example", "Voorbeeld")
HELD_BY_US: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "emergency-call": Words("telephone too", "bel ook"),
        "dismissed-before": Words(
            "the revision before it was dismissed by a person", "de vorige versie is door een mens afgewezen"
        ),
        "superseded": Words("a newer revision took its place", "een latere versie kwam in de plaats"),
        Rejection.NOT_IN_AREA: Words(
            "the partner turned it down: not in its area", "de partner wees het af: niet in zijn gebied"
        ),
        Rejection.OTHER_HELP: Words(
            "the partner turned it down: other help is needed", "de partner wees het af: er is andere hulp nodig"
        ),
    }
)
"""Reasons that came up after the rules decided; theirs are in `schemas/why.py`."""

STATES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        DeliveryState.HELD: Words("waits for a person", "wacht op een mens"),
        DeliveryState.PENDING: Words("being delivered", "wordt bezorgd"),
        DeliveryState.DELIVERED: Words("delivered", "bezorgd"),
        DeliveryState.PARKED: Words("cannot be delivered", "niet te bezorgen"),
        DeliveryState.DISMISSED: Words("dismissed", "afgewezen"),
        DeliveryState.CANCELLED: Words("cancelled", "geannuleerd"),
    }
)
ACTIONS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "release": Words("released", "vrijgegeven"),
        "dismiss": Words("dismissed", "afgewezen"),
        "redrive": Words("sent again", "opnieuw verstuurd"),
        "cancel": Words("cancelled", "geannuleerd"),
        "reassign": Words("given to another", "overgedragen"),
        "call.done": Words("telephoned", "gebeld"),
    }
)
CALLS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        CallReason.EMERGENCY: Words("emergency", "noodgeval"),
        CallReason.NOT_DELIVERED: Words("not delivered in time", "niet op tijd bezorgd"),
        CallReason.NOT_SEEN: Words("nobody has looked at it", "niemand heeft het bekeken"),
        CallReason.NOT_ACCEPTED: Words("nobody has taken it on", "niemand heeft het opgepakt"),
        CallReason.NO_OUTCOME: Words("no outcome in time", "geen uitkomst op tijd"),
        CallReason.TURNED_DOWN: Words("the partner turned it down", "de partner wees het af"),
        CallReason.CONTRADICTED: Words(
            "the partner says otherwise than what stands here", "de partner zegt iets anders dan hier staat"
        ),
    }
)
PROPOSES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Proposal.SAME_HELP: Words("gives the same help there now", "geeft daar nu dezelfde hulp"),
        Proposal.SAME_HELP_ELSEWHERE: Words(
            "gives the same help elsewhere: check the address", "geeft elders dezelfde hulp: ga het adres na"
        ),
        Proposal.OTHER_HELP: Words("gives other help there", "geeft daar andere hulp"),
    }
)
"""Why a rule names a partner for what another one turned down."""

IS: Final = Words("as it stands now that cannot be done:", "zo kan dat niet; de stand is nu:")
HELD: Final = Words("waits for a person until", "wacht op een mens tot")
LEFT: Final = Words("left", "resterend")
LATE: Final = Words("late", "te laat")
REFERRAL: Final = Words("referral", "verwijzing")
CASE: Final = Words("case", "zaak")
REVISION: Final = Words("revision", "versie")
OF: Final = Words("from", "van")
DEADLINE: Final = Words("decide before", "besluit vóór")
WITH: Final = Words("with", "bij")
ESCALATED: Final = Words("put before the next person", "doorgezet")
NOTICED: Final = Words("noticed", "opgemerkt")
OBSERVED: Final = Words("when", "wanneer")
WHY: Final = Words("why it is held", "waarom het wacht")
WHY_IT_WAS: Final = Words("why it was held", "waarom het wachtte")
RULE: Final = Words("rule", "regel")
TO: Final = Words("for whom", "voor wie")
BASIS: Final = Words("legal basis", "grondslag")
HOLDS: Final = Words("it holds", "die geldt")
NOT: Final = Words("it does not hold here: state another", "die geldt hier niet: noem een andere")
NONE: Final = Words("none yet: state one", "nog geen: noem er een")
CHOICES: Final = Words("whom you can choose", "wie u kunt kiezen")
PROPOSED: Final = Words("the rule proposes", "de regel stelt voor")
NOBODY_PROPOSED: Final = Words("nobody: a person chooses", "niemand: een mens kiest")
HAD: Final = Words("had this case already", "had deze zaak al")
MAY: Final = Words("on the basis of", "op grond van")
STATABLE: Final = Words("what --basis may be", "wat --basis mag zijn")
HISTORY: Final = Words("history", "geschiedenis")
CALL: Final = Words("call", "bellen")
NOBODY: Final = Words("nobody yet", "nog niemand")
YES: Final = Words("yes", "ja")
BY: Final = Words("by", "door")
REFUSED: Final = Words("refused", "geweigerd")
DO: Final = Words("what you can do", "wat u kunt doen")
REFERENCE: Final = Words("their reference", "hun kenmerk")
STATE: Final = Words("the referral", "de verwijzing")
OPENED: Final = Words("opened", "geopend")
CALL_BEFORE: Final = Words("call before", "bel vóór")
WHOM: Final = Words("whom to call", "wie te bellen")
CALL_WHY: Final = Words("why", "waarom")
DONE: Final = Words("done", "gedaan")
MIND: Final = Words("mind", "let op")
NEWER: Final = Words("a newer revision came", "er kwam een nieuwere versie")
TAKEN_BACK: Final = Words("the corporation took it back", "de corporatie trok het in")
BELOW: Final = Words("what stands below is of revision {}", "wat hieronder staat is van versie {}")
ALARM: Final = Words("in danger now", "nu in gevaar")
NO_NUMBER: Final = Words("no number in partners.yaml", "geen nummer in partners.yaml")
NOTHING: Final = Words("nothing waits for a person", "er wacht niets op een mens")
FOR_OTHERS: Final = Words("something waits for {}", "er wacht wel iets voor {}")
MORE: Final = Words(
    "there are more than these {}: --most with a larger number shows them",
    "er zijn er meer dan deze {}: --most met een groter getal toont ze",
)
NO_CALLS: Final = Words("nobody has to be called", "er hoeft niemand gebeld te worden")
NOT_OF_THE_DESK: Final = Words(
    "{} is not among those of {} who are asked ({}). Is it a slip, then give it to another once more",
    "{} hoort niet bij wie voor {} wordt gevraagd ({}). Is het een vergissing, draag het dan nog eens over",
)
GIVEN: Final = Words("carried out", "uitgevoerd")
UNCONFIRMED: Final = Words(
    "the decision is given, and nobody has carried it out yet. It will be: `seinpaal trail` tells when",
    "het besluit is gegeven, en nog niet uitgevoerd. Dat volgt: `seinpaal trail` vertelt wanneer",
)
