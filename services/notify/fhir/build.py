"""BUILD: a letter becomes a FHIR R4 transaction Bundle. No clock, no dice: the same letter makes the same bytes.

FHIR R4 (4.0.1), sections 3.1.0.11 (transaction) and 2.36 (Bundle). At most 8 entries: a server may refuse more in a
transaction with conditions. R4 has no identifier on Provenance, so that one is put under a derived id.
"""

from typing import Final

from schemas.help_words import BASES
from schemas.referral import ReferralChange
from schemas.words import told as in_words
from services.notify.disclosure import Disclosed, disclosed
from services.notify.fhir.codes import REVISION, SIGNAL, US, Json, operation, ours, participant
from services.notify.fhir.concern import flag, observation
from services.notify.fhir.frame import Frame
from services.notify.fhir.people import patient
from services.notify.fhir.request import service_request, task
from services.notify.letter import Letter
from services.notify.words import SPOKEN

_OPERATION: Final = {
    ReferralChange.NEW: operation("CREATE"),
    ReferralChange.UPDATE: operation("UPDATE"),
    ReferralChange.WITHDRAWAL: operation("CANCEL"),
}


def build(letter: Letter, told: Disclosed | None = None) -> Json:
    """The Bundle for this letter. A withdrawal tells nothing about people, and empties what told something before.

    `told` is what this partner is told about people, where that is known already.
    """
    frame = Frame.of(letter)
    return {
        "resourceType": "Bundle",
        "meta": frame.meta("Bundle"),
        "identifier": {"system": REVISION, "value": str(letter.referral.id)},
        "type": "transaction",
        "timestamp": frame.at,
        "entry": [frame.entry(resource) for resource in resources(frame, told or disclosed(letter))],
    }


def resources(frame: Frame, told: Disclosed) -> list[Json]:
    """Everything that a server is to hold of this letter, the Task first."""
    return [
        task(frame),
        service_request(frame, told),
        patient(frame, told),
        observation(frame, told),
        flag(frame, told),
        provenance(frame, ["Task", "ServiceRequest"]),
    ]


def provenance(frame: Frame, targets: list[str]) -> Json:
    """Who says so, on what legal basis, from which signal."""
    referral = frame.letter.referral
    resource: Json = {
        "resourceType": "Provenance",
        "id": frame.ids["Provenance"],
        "meta": frame.meta("Provenance"),
        "target": [frame.reference(type_) for type_ in targets],
        "recorded": frame.at,
        "activity": _OPERATION[referral.change],
        "agent": [
            {"type": participant("author"), "who": frame.corporation},
            {"type": participant("assembler"), "who": US},
        ],
        "entity": [{"role": "source", "what": {"identifier": {"system": SIGNAL, "value": str(referral.signal)}}}],
    }
    if referral.legal_basis is not None:
        texts = dict.fromkeys(trace.without_consent for trace in referral.explanation.fired if trace.without_consent)
        basis = in_words(BASES, referral.legal_basis, SPOKEN[referral.facts.country])
        resource["reason"] = [ours("legal-basis", referral.legal_basis, basis), *({"text": text} for text in texts)]
    return resource
