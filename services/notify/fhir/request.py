"""REQUEST: the Task that carries the status, and the ServiceRequest that says what is asked and why."""

from collections.abc import Iterator

from schemas import code_words
from schemas.help_words import HELP
from schemas.partner import FhirChannel
from schemas.referral import Referral, ReferralChange
from schemas.words import told as in_words
from services.notify.disclosure import Disclosed
from services.notify.fhir.codes import CONTACT_PROHIBITED, FULFIL, PRIORITY, REVISION, SIGNAL, Json, ours
from services.notify.fhir.frame import Frame, instant
from services.notify.fhir.people import others
from services.notify.words import AGAIN, AS_KNOWN, ASK, QUESTIONS, REPORTER, SPOKEN, SUSPICIONS, TOLD_IN_TASK, WITHDRAWN


def task(frame: Frame) -> Json:
    """Found by the referral's identifier over all revisions, and by the revision's own to ask whether it arrived."""
    referral = frame.letter.referral
    country = referral.facts.country
    withdrawn = frame.letter.withdraws
    resource = frame.resource("Task")
    resource["identifier"].append({"system": REVISION, "value": str(referral.id)})
    resource |= {
        "groupIdentifier": {"system": SIGNAL, "value": str(referral.signal)},
        "status": "cancelled" if withdrawn else "requested",
        "intent": "order",
        "priority": PRIORITY[referral.facts.urgency],
        "code": FULFIL,
        "description": WITHDRAWN[country] if withdrawn else _asked(referral),
        "focus": frame.reference("ServiceRequest"),
        "for": frame.reference("Patient"),
        "authoredOn": frame.at,
        "lastModified": frame.at,
        "requester": frame.corporation,
        "owner": frame.partner,
        "restriction": {"period": {"end": instant(referral.deadline)}, "recipient": [frame.partner]},
    }
    if withdrawn:
        resource["statusReason"] = {"text": WITHDRAWN[country]}
        return resource
    resource["input"] = [
        {"type": ours("task-input", code, text), "valueReference": frame.reference(type_)}
        for (code, text), type_ in zip(TOLD_IN_TASK[country].items(), ("Observation", "Flag"), strict=True)
    ]
    return resource


def _asked(referral: Referral) -> str:
    """A work list shows this line, and seldom the priority in words. What came back to `requested` says that it did."""
    country, urgency = referral.facts.country, code_words.URGENCIES[referral.facts.urgency]
    said = [urgency.in_(SPOKEN[country]).capitalize(), ASK[country]]
    return ". ".join([AGAIN[country], *said] if referral.change is ReferralChange.UPDATE else said)


def _service(frame: Frame) -> Json:
    """Which help is asked for."""
    kind = frame.letter.kind
    if kind is None:
        return ours("service", "referral")
    return ours("service", kind, in_words(HELP, kind, SPOKEN[frame.letter.referral.facts.country]))


def service_request(frame: Frame, told: Disclosed) -> Json:
    """What is asked. A withdrawn one keeps who asked whom, and nothing about what was noticed."""
    referral = frame.letter.referral
    resource = frame.resource("ServiceRequest") | {
        "requisition": {"system": SIGNAL, "value": str(referral.signal)},
        "status": "revoked" if frame.letter.withdraws else "active",
        "intent": "order",
        "priority": PRIORITY[referral.facts.urgency],
        "code": _service(frame),
        "subject": frame.reference("Patient"),
        "authoredOn": frame.at,
        "requester": frame.corporation,
        "performer": [frame.partner],
    }
    if frame.letter.withdraws:
        return resource
    facts = referral.facts
    resource["reasonCode"] = [ours("signal-kind", facts.kind, SUSPICIONS[facts.country][facts.kind])]
    resource["reasonReference"] = [frame.reference("Observation")]
    resource["supportingInfo"] = [frame.reference("Flag")]
    if told.safe_contact is None:
        resource["orderDetail"] = [{"coding": [CONTACT_PROHIBITED]}]
    if people := others(frame, told):
        resource["contained"] = people
        resource["supportingInfo"] += [
            {"reference": f"#{person['id']}", "type": person["resourceType"]} for person in people
        ]
    if notes := list(_notes(frame, told)):
        # For the people at the partner; `patientInstruction` would be shown to the family.
        resource["note"] = [{"time": frame.at, "text": text} for text in notes]
    return resource


def _notes(frame: Frame, told: Disclosed) -> Iterator[str]:
    """Who reported it, whom to call; and to a server, from the second revision on, whom it is about as we know it now.

    A Patient that the partner made its own is not written any more, so a corrected name or address stands here.
    """
    country = frame.letter.referral.facts.country
    if told.reporter is not None:
        said = (told.reporter.name, told.reporter.role, told.reporter.phone, told.reporter.email)
        yield f"{REPORTER[country]}: {', '.join(part for part in said if part)}"
    corporation = frame.letter.corporation
    if corporation.telephone is not None:
        yield f"{QUESTIONS[country]}: {corporation.name}, {corporation.telephone}"
    later = frame.letter.referral.revision > 1 and isinstance(frame.letter.partner.channel, FhirChannel)
    if later and (known := ", ".join(_known(told))):
        yield f"{AS_KNOWN[country]}: {known}"


def _known(told: Disclosed) -> Iterator[str]:
    if told.subject is not None and told.subject.name:
        yield told.subject.name
    if told.subject is not None and told.subject.birth_date:
        yield told.subject.birth_date.isoformat()
    if told.address is not None:
        yield from told.address.lines
        yield from (part for part in (told.address.postcode, told.address.city) if part)
