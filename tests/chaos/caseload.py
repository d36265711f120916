"""CASELOAD: the referrals of a campaign, drawn by its seed: cases with revisions, some taken back again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from schemas.codes import Urgency
from schemas.referral import Referral, ReferralChange
from tests.unit.notify import samples

SHARES = (0.6, 0.25, 0.15)
"""How many of the cases have one revision, two, three."""

URGENCIES = (Urgency.ACUTE, Urgency.URGENT, Urgency.ROUTINE)


@dataclass(frozen=True, slots=True)
class Wish:
    """How many referrals, for whom, and which share of the cases with revisions ends by being taken back."""

    referrals: int
    partners: tuple[str, ...]
    withdrawn: float = 0.4
    shares: tuple[float, ...] = SHARES
    apart: bool = False
    """All first revisions come before all later ones."""


def caseload(seed: int, wish: Wish, corporation: str, at: datetime) -> list[Referral]:
    """In the order in which they are written: cases among each other, the revisions of each in turn; half are real.

    `at` is when all was decided. Particulars are still to be sealed in them.
    """
    dice = Random(seed)  # noqa: S311  the same cases again for the same seed
    cases: list[list[Referral]] = []
    left = wish.referrals
    while left:
        count = min(left, dice.choices(range(1, len(wish.shares) + 1), wish.shares)[0])
        cases.append(_case(dice, wish, f"{corporation}-{len(cases)}", count, at))
        left -= count
    places = [
        (each.revision if wish.apart else 0, dice.random(), number)
        for number, case in enumerate(cases)
        for each in case
    ]
    rest = [iter(case) for case in cases]
    return [next(rest[number]) for *_, number in sorted(places)]


def _case(dice: Random, wish: Wish, record: str, count: int, at: datetime) -> list[Referral]:
    about = samples.facts(urgency=dice.choice(URGENCIES), test=dice.random() < 1 / 2)
    partner = dice.choice(wish.partners)
    taken_back = count > 1 and dice.random() < wish.withdrawn
    return [
        samples.referral(
            record,
            revision=revision,
            partner=partner,
            change=ReferralChange.WITHDRAWAL if taken_back and revision == count else None,
            about=about,
            deadline=at + timedelta(days=1),
        )
        for revision in range(1, count + 1)
    ]
