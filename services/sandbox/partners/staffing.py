"""Who deals with referrals at a sandbox partner, and how they tell what becomes of them."""

from collections.abc import Mapping
from typing import Any, Final

from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.reports import Reports
from services.sandbox.partners.staff import Say, Staff, Word
from services.sandbox.partners.webhook import WebhookPartner

THREAD: Final = "urn:seinpaal:referral"
TURN_DOWN: Final = frozenset({"fhir", "slow"})
"""Where some of what comes is not in their area."""


def staff_of(partner: FhirPartner | WebhookPartner, reception: str, tokens: Mapping[str, str]) -> Staff:
    """They say it in their own Task, if they have one; else on ours, at `reception`; `tokens` are by kind of help."""
    turns_down = partner.name in TURN_DOWN
    match partner:
        case FhirPartner():
            staff = Staff(_in_their_own(partner), turns_down=turns_down)
            partner.on_task = lambda identifier, status: _shown(staff, identifier, status)
        case WebhookPartner():
            whose: dict[str, str] = {}
            reports = Reports(lambda: reception, whose.__getitem__)
            staff = Staff(reports.say, reports.stop, turns_down=turns_down)
            partner.on_referral = lambda data: _sent(staff, whose, data, tokens)
    return staff


def _in_their_own(partner: FhirPartner) -> Say:
    async def say(referral: str, word: Word) -> None:
        """Write it in the Task here, for whoever asks."""
        partner.answer(f"{THREAD}|{referral}", word.status, code=word.code)

    return say


def _shown(staff: Staff, identifier: str, status: str) -> None:
    """New, changed, or taken back; what they said themselves is no news to them."""
    if status in {"requested", "cancelled"}:
        staff.receives(identifier.rpartition("|")[2], withdrawn=status == "cancelled")


def _sent(staff: Staff, whose: dict[str, str], data: Mapping[str, Any], tokens: Mapping[str, str]) -> None:
    """The kind of help tells which of the partners at this address it is for."""
    referral = str(data["referral"])
    whose[referral] = tokens.get(str(data.get("service")), "")
    staff.receives(referral, withdrawn=data.get("change") == "withdrawal")
