"""What may go out as FHIR: the bytes of a Bundle that passed every rule, or nothing."""

from typing import Any

from services.notify.channel import Unsendable
from services.notify.fhir.bundle_template import Build
from services.notify.fhir.validate import Gate, Invalid, Valid
from services.notify.letter import Letter
from services.runtime.log import get_logger

log = get_logger(__name__)


def passed(gate: Gate, bundle: dict[str, Any], letter: Letter) -> bytes:
    """The Bundle's bytes, as they were validated. Raises Unsendable with the fault in the log, without a value."""
    match gate.judge(bundle):
        case Valid(body=body):
            return body
        case Invalid(faults=faults):
            log.error(
                "notify.invalid_bundle", referral=str(letter.referral.id), field=str(faults[0]), count=len(faults)
            )
            raise Unsendable("invalid-bundle")


def packed(gate: Gate, build: Build, letter: Letter) -> bytes:
    """The bytes of what is built of a letter, if it may go out; what is like another one that could is filled in."""
    return gate.usual.pack(letter, build, lambda bundle: passed(gate, bundle, letter))
