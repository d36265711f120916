"""CONCERN: what was noticed, as a preliminary Observation, and how to deal safely with people, as a Flag."""

from schemas.codes import Answer
from schemas.signal import SafeContact
from services.notify.disclosure import Disclosed
from services.notify.fhir.codes import CONTACT_PROHIBITED, FLAG_CATEGORIES, SOCIAL_HISTORY, Json, ours
from services.notify.fhir.frame import Frame, instant
from services.notify.fhir.indicators import indicators
from services.notify.words import (
    CERTAINTY,
    HOW_NOT_SAID,
    LANGUAGE,
    NO_CONTACT,
    NO_MESSAGE,
    SAFE_CONTACT,
    STAFF_SAFETY,
    SUSPICIONS,
    WAYS,
    WITHDRAWN,
    Country,
)


def observation(frame: Frame, told: Disclosed) -> Json:
    """A suspicion is no finding: the status stays preliminary, and the code is ours. A withdrawal empties it."""
    facts = frame.letter.referral.facts
    if frame.letter.withdraws:
        return _emptied(frame, "Observation", "cancelled")
    resource = frame.resource("Observation") | {
        "status": "preliminary",
        "category": [SOCIAL_HISTORY],
        "code": ours("signal-kind", facts.kind, SUSPICIONS[facts.country][facts.kind]),
        "subject": frame.reference("Patient"),
        "issued": frame.at,
        "performer": [frame.corporation],
        "valueCodeableConcept": ours("certainty", facts.certainty, CERTAINTY[facts.country][facts.certainty]),
        "component": indicators(facts),
    }
    if facts.observed_at is not None:
        resource["effectiveDateTime"] = instant(facts.observed_at)
    if told.narrative:
        resource["note"] = [{"text": told.narrative}]
    return resource


def flag(frame: Frame, told: Disclosed) -> Json:
    """Always there: without a safe contact it says that nobody may be contacted, and a later revision replaces it."""
    facts = frame.letter.referral.facts
    if frame.letter.withdraws:
        return _emptied(frame, "Flag", "inactive")
    text = contacting(told.safe_contact, facts.country, told.language)
    if facts.staff_safety:
        text = f"{text} {STAFF_SAFETY[facts.country]}"
    code: Json = {"text": text}
    if told.safe_contact is None:
        code["coding"] = [CONTACT_PROHIBITED]
    return frame.resource("Flag") | {
        "status": "active",
        "category": FLAG_CATEGORIES,
        "code": code,
        "subject": frame.reference("Patient"),
        "period": {"start": frame.at},
        "author": frame.corporation,
    }


def _emptied(frame: Frame, type_: str, status: str) -> Json:
    """What was told before is taken out of it; that it was withdrawn is all it still tells."""
    told = {"text": WITHDRAWN[frame.letter.referral.facts.country]}
    return frame.resource(type_) | {"status": status, "code": told, "subject": frame.reference("Patient")}


def contacting(contact: SafeContact | None, country: Country, spoken: str | None = None) -> str:
    """How somebody may be reached, or that nobody may be, in the country's language; with what is `spoken` there."""
    if contact is None:
        return f"{NO_CONTACT[country]} {LANGUAGE[country].capitalize()}: {spoken}." if spoken else NO_CONTACT[country]
    channel = WAYS[country].get((contact.channel or "").lower(), contact.channel)
    said = [part for part in (channel, contact.value, contact.window) if part]
    begins = SAFE_CONTACT[country] if said else HOW_NOT_SAID[country]
    if contact.language:
        said.append(f"{LANGUAGE[country]}: {contact.language}")
    if contact.leave_message is not Answer.YES:
        said.append(NO_MESSAGE[country])
    return f"{': '.join(part for part in (begins, ', '.join(said)) if part)}."
