"""The first of an index, of many partners at once."""

from sqlalchemy import event

from schemas.delivery import DeliveryState
from services.notify import claims, oldest
from services.notify.earliest import TOGETHER
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


async def test_as_many_partners_as_there_are_get_an_answer_each(ledger: Ledger) -> None:
    """More than one statement holds; who has nothing is not in it, and names that nobody has are no error."""
    await ledger.take(samples.referral("T-1"), samples.referral("T-2", partner="tweede"))
    names = [*(f"nobody-{number}" for number in range(2 * TOGETHER)), "tweede", PARTNER]
    async with ledger.database.read() as connection:
        due = await claims.horizon(connection, names)
        first = await oldest.oldest(connection, [*names, None])
    assert {name for name, _ in due} == {PARTNER, "tweede"}
    assert set(due.values()) == {ledger.now}
    assert set(first) == {(PARTNER, DeliveryState.PENDING), ("tweede", DeliveryState.PENDING)}


async def test_what_is_asked_again_is_not_compiled_again(ledger: Ledger) -> None:
    """A VALUES clause would be, each time: the workers' most frequent question would cost eight times as much."""
    compiled: list[bool] = []

    async with ledger.database.read() as connection:

        @event.listens_for(connection.sync_connection, "before_execute", named=True)
        def asked(**given: object) -> None:
            statement = given["clauseelement"]
            compiled.append(statement._generate_cache_key() is None)  # type: ignore[attr-defined]  # noqa: SLF001  SQLAlchemy's own word on it

        await claims.horizon(connection, [PARTNER, "tweede"])
        await oldest.oldest(connection, [PARTNER, None])
    assert compiled == [False, False, False]
