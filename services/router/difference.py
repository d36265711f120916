"""DIFFERENCE: one way in which a referral would have been another under other rules."""

from enum import StrEnum

from schemas.codes import PartnerKind
from schemas.message import Message
from schemas.signal import Slug


class What(StrEnum):
    """What became of a recipient's referral. `held` and `sent`: it is there under both sets, and now so."""

    GAINED = "gained"
    LOST = "lost"
    HELD = "held"
    SENT = "sent"
    SOONER = "sooner"
    LATER = "later"


class Difference(Message):
    """For whom: a partner, a kind of help that nobody gives there, or neither: a person would choose."""

    what: What
    partner: Slug | None = None
    kind: PartnerKind | None = None
