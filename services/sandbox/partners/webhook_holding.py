"""What a webhook partner holds of one referral, over all its revisions: the answer it gives where it is tried."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from services.sandbox.partners.trick import Lapse


@dataclass(frozen=True, slots=True)
class Holding:
    """`records` must be 1: more is a duplicate. `revision` is the newest it took over, `status` one of Task's."""

    records: int
    revision: int
    status: str


def taken(
    before: Holding | None, data: dict[str, Any], lapses: Collection[Lapse], *, repeated: bool, accepts: bool
) -> Holding:
    """What is held once a message about it was kept; `repeated` when its webhook-id was seen before."""
    revision = data.get("revision")
    revision = revision if isinstance(revision, int) else 1
    cancelled = data.get("change") == "withdrawal"
    status = "cancelled" if cancelled else "accepted" if accepts and Lapse.SILENT not in lapses else "requested"
    if before is None:
        return Holding(1, revision, status)
    if repeated and Lapse.DOUBLES in lapses:
        before = replace(before, records=before.records + 1)
    newer = revision > before.revision or (revision < before.revision and Lapse.LATEST_WINS in lapses)
    deaf = Lapse.FIRST_ONLY in lapses or (cancelled and Lapse.DEAF_TO_CANCEL in lapses)
    return replace(before, revision=revision, status=status) if newer and not deaf else before
