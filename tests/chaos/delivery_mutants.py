"""Guarantees of delivery, each broken on purpose: what the campaigns of `test_delivery.py` must catch."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4


def no_fence() -> None:
    """Whoever once held a lease writes what became of the attempt, whoever holds it now."""
    from services.notify import conclusion  # noqa: PLC0415  only what is broken is imported here

    setattr(conclusion, "_holds", lambda *_: True)  # noqa: B010  breaking it is the purpose


def drawn_retry() -> None:
    """Every attempt but the first goes under an id of its own."""
    from services.notify.channels import webhook  # noqa: PLC0415  only what is broken is imported here

    send = webhook.WebhookSender.send

    async def under_another_id(self: Any, parcel: Any) -> Any:
        return await send(self, parcel if parcel.attempt == 1 else replace(parcel, referral=uuid4()))

    setattr(webhook.WebhookSender, "send", under_another_id)  # noqa: B010  breaking it is the purpose


def unknown_failed() -> None:
    """A lost answer is taken for a no: nothing can have arrived."""
    from services.notify import deliver  # noqa: PLC0415  only what is broken is imported here

    concluded = deliver.Delivering._concluded  # noqa: SLF001  breaking it is the purpose

    def for_certain(self: Any, *given: Any) -> Any:
        return replace(concluded(self, *given), uncertain=False)

    setattr(deliver.Delivering, "_concluded", for_certain)  # noqa: B010  breaking it is the purpose


def redriven_twice() -> None:
    """A command is carried out as often as it is read."""
    from services.notify import decisions  # noqa: PLC0415  only what is broken is imported here

    taken = decisions.taken

    async def always(connection: Any, command: Any, at: datetime) -> bool:
        await taken(connection, command, at)
        return True

    setattr(decisions, "taken", always)  # noqa: B010  breaking it is the purpose


def counting_breaker() -> None:
    """While a partner is left alone its referrals are taken up all the same, and each loses an attempt by it."""
    from services.notify import deliver, gate  # noqa: PLC0415  only what is broken is imported here
    from services.notify.outcome import TryLater  # noqa: PLC0415  same

    sent, places = deliver.Delivering._sent, gate.Gate.places  # noqa: SLF001  breaking it is the purpose
    shut: set[str] = set()

    def all_places(self: Any, free: Mapping[str, int], now: datetime) -> dict[str, int]:
        open_ = places(self, free, now)
        shut.clear()
        shut.update(name for name in free if name not in open_)
        return dict(free)

    async def not_sent(self: Any, channel: Any, line: Any, *rest: Any) -> Any:
        return TryLater("unavailable") if line.partner in shut else await sent(self, channel, line, *rest)

    setattr(gate.Gate, "places", all_places)  # noqa: B010  breaking it is the purpose
    setattr(deliver.Delivering, "_sent", not_sent)  # noqa: B010  same


DELIVERY_MUTANTS = {
    "no-fence": no_fence,
    "drawn-retry": drawn_retry,
    "unknown-failed": unknown_failed,
    "redriven-twice": redriven_twice,
    "counting-breaker": counting_breaker,
}
