"""A partner that would reach us where nobody listens."""

import pytest
from structlog.testing import capture_logs

from schemas.partner import Access
from tests.integration.notify.house import House, running
from tests.unit.notify import samples


@pytest.mark.parametrize(("listen", "told"), [("", ["tells"]), ("127.0.0.1:0", [])])
async def test_a_partner_that_cannot_reach_us_is_told_at_the_start(house: House, listen: str, told: list[str]) -> None:
    """With the setting that lets it in; not a partner without a token, and nobody where it is let in."""
    (house.folder / "token").write_text("verzonnen-token-van-een-partner-1")
    access = Access(tokens=(f"file:{house.folder / 'token'}",))
    house.configure([samples.partner("tells", access=access), samples.partner("silent")])
    with capture_logs() as lines:
        async with running(house.service(listen=listen)):
            pass
    said = [line for line in lines if line["event"] == "notify.partner_cannot_reach_us"]
    assert [line["partner"] for line in said] == told
    assert all(line["setting"] == "NOTIFY_LISTEN" for line in said)
