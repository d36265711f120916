"""CODE WORDS: what the codes of a signal are called in a sentence, in English and Dutch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.codes import Certainty, Consent, Kind, Origin, Urgency, Violence
from schemas.progress import Progress
from schemas.words import Language, Words

KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Kind.DAMAGE_DOOR: Words("damage to a door", "schade aan deur"),
        Kind.DAMAGE_WALL: Words("damage to a wall", "schade aan wand"),
        Kind.DAMAGE_WINDOW: Words("damage to a window", "schade aan raam"),
        Kind.LOCK_CHANGE: Words("lock change", "slot vervangen"),
        Kind.NOISE_VIOLENCE: Words("noise of violence", "geluid van geweld"),
        Kind.NUISANCE: Words("nuisance", "overlast"),
        Kind.RENT_ARREARS: Words("rent arrears", "huurachterstand"),
        Kind.ANIMAL_ABUSE: Words("animal abuse", "dierenmishandeling"),
        Kind.ACCESS_REFUSED: Words("access refused", "toegang geweigerd"),
        Kind.TENANT_ISOLATED: Words("tenant kept isolated", "bewoner afgeschermd"),
        Kind.INJURY_VISIBLE: Words("visible injury", "zichtbaar letsel"),
        Kind.FEAR_OBSERVED: Words("fear observed", "angst waargenomen"),
        Kind.CHILD_ALONE: Words("child alone", "kind alleen"),
        Kind.CHILD_NEGLECT: Words("child neglected", "kind verwaarloosd"),
        Kind.CHILD_FEARFUL: Words("child fearful", "kind angstig"),
        Kind.HOME_NEGLECT: Words("neglected home", "verwaarloosde woning"),
        Kind.DISCLOSURE_VICTIM: Words("told by the possible victim", "verteld door mogelijk slachtoffer"),
        Kind.DISCLOSURE_CHILD: Words("told by a child", "verteld door kind"),
        Kind.THREAT: Words("threat", "bedreiging"),
        Kind.WEAPON: Words("weapon", "wapen"),
        Kind.STRANGULATION: Words("strangulation", "verwurging"),
        Kind.STALKING: Words("stalking", "stalking"),
        Kind.COERCIVE_CONTROL: Words("coercive control", "dwingende controle"),
        Kind.ELDER_ABUSE: Words("elder abuse", "ouderenmishandeling"),
        Kind.HONOUR_BASED: Words("honour-based abuse", "eergerelateerd geweld"),
        Kind.TRANSFER_URGENT: Words("urgent transfer", "spoedverhuizing"),
        Kind.OTHER_CONCERN: Words("other concern", "andere zorg"),
    }
)
URGENCIES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Urgency.EMERGENCY: Words("emergency", "noodgeval"),
        Urgency.ACUTE: Words("acute", "acuut"),
        Urgency.URGENT: Words("urgent", "dringend"),
        Urgency.ROUTINE: Words("routine", "regulier"),
    }
)
ORIGINS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Origin.STAFF_OBSERVATION: Words("a member of staff", "een medewerker"),
        Origin.TENANT_DISCLOSURE: Words("the tenant", "de huurder"),
        Origin.THIRD_PARTY: Words("somebody else", "een ander"),
        Origin.SYSTEM_RULE: Words("a system, by rule", "een systeem, volgens een regel"),
    }
)
CERTAINTIES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Certainty.OBSERVED: Words("seen", "waargenomen"),
        Certainty.TOLD: Words("told", "verteld"),
        Certainty.SUSPECTED: Words("suspected", "vermoed"),
    }
)
VIOLENCE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Violence.PHYSICAL: Words("physical", "lichamelijk"),
        Violence.PSYCHOLOGICAL: Words("psychological", "psychisch"),
        Violence.SEXUAL: Words("sexual", "seksueel"),
        Violence.ECONOMIC: Words("economic", "economisch"),
        Violence.NEGLECT: Words("neglect", "verwaarlozing"),
        Violence.STALKING: Words("stalking", "stalking"),
        Violence.COERCIVE_CONTROL: Words("coercive control", "dwingende controle"),
        Violence.WITNESS: Words("witness of violence", "getuige van geweld"),
        Violence.ELDER_ABUSE: Words("elder abuse", "ouderenmishandeling"),
        Violence.HONOUR_BASED: Words("honour-based", "eergerelateerd"),
        Violence.UNKNOWN: Words("not known", "niet bekend"),
    }
)
CONSENTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Consent.GIVEN: Words("given", "gegeven"),
        Consent.REFUSED: Words("refused", "geweigerd"),
        Consent.NOT_ASKED: Words("not asked", "niet gevraagd"),
        Consent.UNSAFE_TO_ASK: Words("not safe to ask", "vragen is niet veilig"),
    }
)
PROGRESS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Progress.REQUESTED: Words("asked for", "gevraagd"),
        Progress.RECEIVED: Words("received", "ontvangen"),
        Progress.ACCEPTED: Words("accepted", "aangenomen"),
        Progress.REJECTED: Words("turned down", "afgewezen"),
        Progress.IN_PROGRESS: Words("in hand", "in behandeling"),
        Progress.ON_HOLD: Words("on hold", "in de wacht"),
        Progress.COMPLETED: Words("completed", "afgerond"),
        Progress.FAILED: Words("did not succeed", "niet gelukt"),
        Progress.CANCELLED: Words("cancelled", "geannuleerd"),
    }
)
"""How far a partner is with a referral."""

_EVERY: Final[Mapping[str, Words]] = MappingProxyType(
    {**KINDS, **URGENCIES, **ORIGINS, **CERTAINTIES, **CONSENTS, **VIOLENCE}
)


def called(code: str, language: Language) -> str | None:
    """A code of a signal in words; None for one that is none of these."""
    known = _EVERY.get(code)
    return known.in_(language) if known else None
