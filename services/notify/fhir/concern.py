"""CONCERN: what was noticed, as a preliminary Observation, and how to deal safely with people, as a Flag."""

from collections.abc import Iterator

from schemas.codes import Answer, Consent
from schemas.signal import Facts, SafeContact
from services.notify.disclosure import Disclosed
from services.notify.fhir.codes import CONTACT_PROHIBITED, FLAG_CATEGORIES, SOCIAL_HISTORY, Json, ours
from services.notify.fhir.frame import Frame, instant
from services.notify.words import (
    CERTAINTY,
    LANGUAGE,
    NO_CONTACT,
    NO_MESSAGE,
    SAFE_CONTACT,
    STAFF_SAFETY,
    SUSPICIONS,
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
        "component": list(_components(facts)),
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
    text = contacting(told.safe_contact, facts.country)
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


def _components(facts: Facts) -> Iterator[Json]:
    """What staff could say, in our codes. About danger `unknown` is told too: it counts as yes."""
    for name, answer in (("acute", facts.acute), ("structural", facts.structural)):
        yield _component(name, valueCodeableConcept=ours("answer", answer))
    for name, answer in (("children", facts.children), ("pregnant", facts.pregnant), ("informed", facts.informed)):
        if answer is not Answer.UNKNOWN:
            yield _component(name, valueCodeableConcept=ours("answer", answer))
    if facts.consent is not Consent.NOT_ASKED:
        yield _component("consent", valueCodeableConcept=ours("consent", facts.consent))
    for violence in facts.violence:
        yield _component("violence", valueCodeableConcept=ours("violence", violence))
    for name, true in (
        ("disclosure", facts.disclosure),
        ("weapon", facts.weapon),
        ("professional-judgement", facts.professional_judgement),
    ):
        if true:
            yield _component(name, valueBoolean=True)
    if facts.dash_score is not None:
        yield _component("dash-score", valueInteger=facts.dash_score)


def _component(indicator: str, **value: object) -> Json:
    return {"code": ours("indicator", indicator), **value}


def contacting(contact: SafeContact | None, country: Country) -> str:
    """How somebody may be reached, or that nobody may be, in the country's language."""
    if contact is None:
        return NO_CONTACT[country]
    said = [part for part in (contact.channel, contact.value, contact.window) if part]
    if contact.language:
        said.append(f"{LANGUAGE[country]}: {contact.language}")
    if contact.leave_message is not Answer.YES:
        said.append(NO_MESSAGE[country])
    return f"{SAFE_CONTACT[country]}: {', '.join(said)}."
