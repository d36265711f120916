"""MESSAGE: a letter becomes a FHIR R4 message Bundle (section 2.31), as receivers of the NHS BaRS kind take it.

`$process-message` is not idempotent by itself: the receiver knows a message by the id of its MessageHeader, so that one
is derived from the revision. BaRS has two reasons, new and update; what is taken back is an update whose ServiceRequest
is revoked, and which holds only what is needed to do so: no Observation and no Flag. There is no Task in it: the
ServiceRequest carries priority and deadline, and the referral's own identifier.
"""

from typing import Final

from schemas import ids
from schemas.referral import ReferralChange
from services.notify.disclosure import disclosed
from services.notify.fhir.build import provenance
from services.notify.fhir.codes import REVISION, THREAD, Json
from services.notify.fhir.concern import flag, observation
from services.notify.fhir.frame import Frame, instant
from services.notify.fhir.people import patient
from services.notify.fhir.request import service_request
from services.notify.letter import Letter

BARS: Final = "https://fhir.nhs.uk/CodeSystem"
EVENT: Final = {"system": f"{BARS}/message-events-bars", "code": "servicerequest-request"}
CATEGORY: Final = {"coding": [{"system": f"{BARS}/message-category-servicerequest", "code": "referral"}]}
_REASONS: Final = {
    ReferralChange.NEW: "new",
    ReferralChange.UPDATE: "update",
    ReferralChange.WITHDRAWAL: "update",
}
_DEFINITION: Final = "/MessageDefinition/"


def build_message(letter: Letter, destination: str) -> Json:
    """The Bundle for this letter to the receiver's endpoint `destination`. The same letter makes the same bytes."""
    frame = Frame.of(letter)
    told = disclosed(letter)
    request = service_request(frame, told) | {
        "identifier": [{"system": THREAD, "value": str(letter.thread)}],
        "category": [CATEGORY],
        "occurrencePeriod": {"start": frame.at, "end": instant(letter.referral.deadline)},
    }
    resources = [_header(frame, destination), request, patient(frame, told)]
    if not letter.withdraws:
        resources += [observation(frame, told), flag(frame, told)]
    resources += [provenance(frame, ["ServiceRequest"]), *_organisations(frame)]
    return {
        "resourceType": "Bundle",
        "id": str(ids.derived(letter.referral.id, "fhir", "Bundle")),
        "meta": frame.meta("Bundle"),
        "identifier": {"system": REVISION, "value": str(letter.referral.id)},
        "type": "message",
        "timestamp": frame.at,
        "entry": [frame.enclosed(resource) for resource in resources],
    }


def message_id(letter: Letter) -> str:
    """The id of the MessageHeader: of this revision for this partner, on every attempt."""
    return str(ids.derived(letter.referral.id, "fhir", "MessageHeader"))


def _header(frame: Frame, destination: str) -> Json:
    letter = frame.letter
    sender, receiver = _reference(frame, "sender"), _reference(frame, "receiver")
    identifier = letter.corporation.identifier
    header: Json = {
        "resourceType": "MessageHeader",
        "id": message_id(letter),
        "meta": frame.meta("MessageHeader"),
        "eventCoding": EVENT,
        "destination": [{"name": letter.partner.name, "endpoint": destination, "receiver": receiver}],
        "sender": sender,
        "source": {"name": "Seinpaal", "software": "Seinpaal", "endpoint": f"{identifier.system}|{identifier.value}"},
        "responsible": sender,
        "reason": {"coding": [{"system": f"{BARS}/message-reason-bars", "code": _REASONS[letter.referral.change]}]},
        "focus": [frame.reference("ServiceRequest")],
    }
    if definition := _definition(frame):
        header["definition"] = definition
    return header


def _definition(frame: Frame) -> str | None:
    """The MessageDefinition that was agreed on: the one for cancelling when it is taken back, else the other."""
    agreed = (url for url in frame.agreed if _DEFINITION in url)
    return next((url for url in agreed if url.endswith("cancelled") == frame.letter.withdraws), None)


def _organisations(frame: Frame) -> list[Json]:
    """Whom the header names: in a message they are told of, not created."""
    return [
        {
            "resourceType": "Organization",
            "id": _organisation_id(frame, role),
            "meta": frame.meta("Organization"),
            "identifier": [known["identifier"]],
            "name": known["display"],
        }
        for role, known in (("sender", frame.corporation), ("receiver", frame.partner))
    ]


def _reference(frame: Frame, role: str) -> Json:
    return {"reference": f"urn:uuid:{_organisation_id(frame, role)}", "type": "Organization"}


def _organisation_id(frame: Frame, role: str) -> str:
    return str(ids.derived(frame.letter.thread, "fhir", role))
