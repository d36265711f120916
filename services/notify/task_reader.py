"""TASK READER: reads Tasks one by one at a partner's server, those of which it said that they changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from schemas import ids
from services.notify import fhir_answers as answer
from services.notify.fhir_answers import Missing, NotNow, Tasks, Unshown
from services.notify.fhir_client import FhirClient
from services.notify.polling_round import Open, Round
from services.runtime.log import get_logger

log = get_logger(__name__)

READ_SECONDS: Final = 10.0
"""How long a turn goes on reading: well within its lease."""


@dataclass(frozen=True, slots=True)
class Read:
    """Those that were read, what they say, and which of them the server did not show."""

    done: tuple[Open, ...]
    shown: Tasks
    unshown: frozenset[UUID]


async def read(fhir_client: FhirClient, round_: Round, opened: Sequence[Open], now: datetime) -> Read | NotNow:
    """Each by itself, while there is time. Not now, when the server shows none at all.

    One that is not shown holds up no other: asking about them all finds it again.
    """
    about_us, began = ids.partner_id(round_.partner), perf_counter()
    done, shown, unshown = list[Open](), list[Mapping[str, Any]](), set[UUID]()
    for number, each in enumerate(opened):
        request = ids.derived(about_us, "read", round_.fence, number)
        match answer.read(await fhir_client.read(each.task or "", request), now):
            case Tasks(tasks=tasks):
                shown += tasks
            case Missing():
                log.warning("notify.task_missing", partner=round_.partner, referral=str(each.thread.referral))
            case Unshown(reason=reason, status=status):
                of = {"partner": round_.partner, "referral": str(each.thread.referral)}
                log.warning("notify.task_unshown", **of, reason=reason, status=status)
                unshown.add(each.thread.thread)
            case failure if not done:
                return failure
            case _:
                break
        done.append(each)
        if perf_counter() - began > READ_SECONDS:
            break
    return Read(tuple(done), Tasks(tuple(shown)), frozenset(unshown))
