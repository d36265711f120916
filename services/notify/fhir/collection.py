"""COLLECTION: a letter becomes a FHIR R4 collection Bundle for whoever comes for it: nothing is to be stored."""

from services.notify.disclosure import Disclosed, disclosed
from services.notify.fhir.build import resources
from services.notify.fhir.codes import REVISION, Json
from services.notify.fhir.frame import Frame
from services.notify.letter import Letter


def build_collection(letter: Letter, told: Disclosed | None = None) -> Json:
    """The same resources that a FHIR server would be sent, emptied ones too, each under its own id."""
    frame = Frame.of(letter)
    return {
        "resourceType": "Bundle",
        "meta": frame.meta("Bundle"),
        "identifier": {"system": REVISION, "value": str(letter.referral.id)},
        "type": "collection",
        "timestamp": frame.at,
        "entry": [frame.enclosed(resource) for resource in resources(frame, told or disclosed(letter))],
    }
