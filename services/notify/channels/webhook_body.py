"""The body of a webhook: a CloudEvent in structured mode (CloudEvents 1.0, JSON format) about one referral."""

from typing import Any, Final

import orjson
from pydantic import BaseModel

from services.notify.disclosure import disclosed
from services.notify.letter import Letter

EVENT_TYPE: Final = "nl.woonsignalen.referral.sent.v1"
_OURS_ALONE: Final = {"household", "origin_code", "secret_address"}
"""Facts that help us to route, and a partner to nothing."""


def body(letter: Letter, source: str) -> bytes:
    """The same letter gives the same bytes; `source` is who we are.

    A withdrawal tells nothing about people or what was noticed.
    """
    referral = letter.referral
    event = {
        "specversion": "1.0",
        "id": str(referral.id),
        "source": source,
        "type": EVENT_TYPE,
        "time": referral.decided_at.isoformat(),
        "datacontenttype": "application/json",
        "data": _data(letter) if letter.withdraws else _data(letter) | _content(letter),
    }
    return orjson.dumps(event)


def _data(letter: Letter) -> dict[str, Any]:
    referral, corporation = letter.referral, letter.corporation
    return {
        "referral": str(letter.thread),
        "revision": referral.revision,
        "change": referral.change,
        "service": letter.kind,
        "legal_basis": referral.legal_basis,
        "urgency": referral.facts.urgency,
        "deadline": referral.deadline.isoformat(),
        "corporation": {
            "name": corporation.name,
            "identifier": _shown(corporation.identifier),
            **({} if corporation.telephone is None else {"telephone": corporation.telephone}),
        },
        "test": referral.facts.test,
    }


def _content(letter: Letter) -> dict[str, Any]:
    told = disclosed(letter)
    return {
        "suspected": True,
        "facts": letter.referral.facts.model_dump(mode="json", exclude=_OURS_ALONE, exclude_none=True),
        "people": [_shown(person) for person in (told.subject, *told.others) if person is not None],
        "address": _shown(told.address),
        "narrative": told.narrative,
        "reporter": _shown(told.reporter),
        "contact_allowed": told.safe_contact is not None,
        "safe_contact": _shown(told.safe_contact),
        **({} if told.language is None else {"language": told.language}),
    }


def _shown(part: BaseModel | None) -> dict[str, Any] | None:
    return None if part is None else part.model_dump(mode="json", exclude_none=True)
