"""LETTER: what goes to one partner about one referral, opened, before it takes the shape of a channel."""

from dataclasses import dataclass, field
from uuid import UUID

from schemas import ids
from schemas.codes import PartnerKind
from schemas.corporation import Corporation
from schemas.partner import Partner
from schemas.referral import Referral, ReferralChange
from schemas.signal import Particulars

NOTHING = Particulars()
"""What a withdrawal tells about people: it needs no key."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A referral with its people, from a corporation to a partner. It names people: it goes to the channel only.

    Partner and kind are those a person chose, where the referral names none; `recipient` names its lane.
    """

    referral: Referral
    kind: PartnerKind | None
    particulars: Particulars = field(repr=False)
    partner: Partner
    corporation: Corporation
    recipient: str

    @property
    def thread(self) -> UUID:
        """What all revisions for this recipient have in common: the id that the first of them has."""
        return ids.referral_id(self.referral.signal, self.recipient, 1)

    @property
    def withdraws(self) -> bool:
        """Whether it only takes back what was told before."""
        return self.referral.change is ReferralChange.WITHDRAWAL
