"""What the desk's tables show of what others wrote."""

from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console

from schemas.call import Call, CallReason
from services.notify.desk_reading import Calling
from services.notify.desk_table import calls
from tests.unit.notify import samples
from tests.unit.notify.samples import AT


@pytest.mark.parametrize("name", ["Wijkteam [noord]", "Wijkteam [/noord]"])
def test_whom_to_telephone_is_shown_as_it_is_written(name: str) -> None:
    """Brackets in a partner's name take no part of it away, and do not end the list."""
    referral = samples.referral()
    call = Call(
        id=uuid4(),
        referral=referral.id,
        signal=referral.signal,
        corporation=referral.corporation,
        why=CallReason.NOT_DELIVERED,
        opened_at=AT,
        due_at=AT,
    )
    partner = samples.partner(telephone="0000 000001").model_copy(update={"name": name})
    shown = StringIO()
    found = [Calling(call, samples.line(), referral, "ijsselhof", partner)]
    Console(width=200, file=shown).print(calls(found, AT, "nl"))
    assert name in shown.getvalue()
