"""COLLECTION: a letter becomes a FHIR R4 collection Bundle for whoever comes for it: nothing is to be stored."""

from services.notify.disclosure import disclosed
from services.notify.fhir.build import provenance
from services.notify.fhir.codes import REVISION, Json
from services.notify.fhir.concern import flag, observation
from services.notify.fhir.frame import Frame
from services.notify.fhir.people import patient
from services.notify.fhir.request import service_request, task
from services.notify.letter import Letter


def build_collection(letter: Letter) -> Json:
    """The same resources that a FHIR server would be sent, each under its own id."""
    frame = Frame.of(letter)
    told = disclosed(letter)
    resources = [task(frame), service_request(frame, told), patient(frame, told)]
    if not letter.withdraws:
        resources += [observation(frame, told), flag(frame, told)]
    resources.append(provenance(frame, ["Task", "ServiceRequest"]))
    return {
        "resourceType": "Bundle",
        "meta": frame.meta("Bundle"),
        "identifier": {"system": REVISION, "value": str(letter.referral.id)},
        "type": "collection",
        "timestamp": frame.at,
        "entry": [frame.enclosed(resource) for resource in resources],
    }
