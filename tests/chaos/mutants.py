"""`python -m tests.chaos.mutants NAME ...`: the command line with one guarantee broken on purpose, or `none`.

A check that no broken program fails proves nothing: each of these must be caught.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from tests.chaos.delivery_mutants import DELIVERY_MUTANTS

WINDOW = 0.25
"""Seconds that a broken program stays in its broken state, so that a kill meets it there."""


def commit_first() -> None:
    """Offsets are committed before the outputs are acknowledged."""
    from services.runtime.kafka import hop  # noqa: PLC0415  only what is broken is imported here
    from services.runtime.kafka.carrying import carry  # noqa: PLC0415  same

    commit = hop.Hop._commit  # noqa: SLF001  breaking it is the purpose

    async def on_batch(self: Any, records: Sequence[Any]) -> None:
        self._watch.take(len(records))
        try:
            await commit(self, records)
            await asyncio.sleep(WINDOW)
            await carry(records, self._handle, self._park, self._sink)
        finally:
            self._watch.put_down(finished=True)

    setattr(hop.Hop, "_on_batch", on_batch)  # noqa: B010  breaking it is the purpose


def drawn_ids() -> None:
    """Signals get a new id each time they are read; a kill meets them written and not yet committed."""
    from schemas import ids  # noqa: PLC0415  only what is broken is imported here
    from services.runtime.kafka import hop  # noqa: PLC0415  same

    commit = hop.Hop._commit  # noqa: SLF001  breaking it is the purpose

    async def late(self: Any, records: Sequence[Any]) -> Any:
        await asyncio.sleep(WINDOW)
        return await commit(self, records)

    setattr(ids, "signal_id", lambda *_: uuid4())  # noqa: B010  breaking it is the purpose
    setattr(hop.Hop, "_commit", late)  # noqa: B010  same


def two_transactions() -> None:
    """The ledger is changed in one transaction, the facts about it are written in a later one."""
    from services.notify import conclusion, outbox, worker  # noqa: PLC0415  only what is broken is imported here

    put = outbox.put
    begin = worker.Worker.__init__
    databases: list[Any] = []
    later: set[asyncio.Task[None]] = set()

    def remembered(self: Any, database: Any, *rest: Any, **named: Any) -> None:
        databases.append(database)
        begin(self, database, *rest, **named)

    async def written_later(outputs: Sequence[Any]) -> None:
        await asyncio.sleep(WINDOW)
        async with databases[-1].begin() as connection:
            await put(connection, outputs)

    async def put_later(connection: Any, outputs: Sequence[Any]) -> None:
        del connection
        task = asyncio.ensure_future(written_later(list(outputs)))
        later.add(task)
        task.add_done_callback(later.discard)

    class Outbox:
        """The real one, but for what conclusions write."""

        put = staticmethod(put_later)

    setattr(worker.Worker, "__init__", remembered)  # noqa: B010  breaking it is the purpose
    setattr(conclusion, "outbox", Outbox)  # noqa: B010  same


MUTANTS: dict[str, Callable[[], None]] = {
    "none": lambda: None,
    "commit-first": commit_first,
    "drawn-ids": drawn_ids,
    "two-transactions": two_transactions,
    **DELIVERY_MUTANTS,
}


def main(arguments: Sequence[str]) -> None:
    """The command line, broken as the first argument says."""
    name, *rest = arguments
    MUTANTS[name]()
    from services.cli import main as seinpaal  # noqa: PLC0415  after it was broken

    seinpaal(rest)


if __name__ == "__main__":
    main(sys.argv[1:])
