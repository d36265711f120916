"""How a partner lets us in: fixed headers, and what a 401 does."""

from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from schemas.partner import InboxChannel, StaticHeaders
from services.notify.doors import doors
from services.notify.http import PartnerHttp
from services.notify.reply import Answer, NotSent
from services.notify.secrets import Secrets
from services.runtime.errors import Refused
from tests.contract.notify.web import serving
from tests.unit.notify import samples

HEADERS = StaticHeaders(type="headers", headers={"X-Api-Key": "mounted:key"})


class Guarded:
    """A partner that lets one key in, and remembers what was tried."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.tried: list[str | None] = []

    async def answer(self, request: web.Request) -> web.Response:
        """201, or 401."""
        self.tried.append(request.headers.get("X-Api-Key"))
        return web.Response(status=201 if self.tried[-1] == self.key else 401)


async def test_fixed_headers_let_us_in(tmp_path: Path) -> None:
    """By reference; the channel that sends knows nothing of it."""
    (tmp_path / "key").write_text("sleutel-1\n")
    partner = Guarded("sleutel-1")
    async with serving(partner.answer) as url:
        http = PartnerHttp(samples.partner(url=str(url), authentication=HEADERS), url, secrets=Secrets(tmp_path))
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        await http.close()


async def test_a_key_that_was_changed_counts_without_a_restart(tmp_path: Path) -> None:
    """From the next request on; one that cannot be used (half written, say) does not."""
    (tmp_path / "key").write_text("sleutel-1")
    partner = Guarded("sleutel-2")
    async with serving(partner.answer) as url:
        http = PartnerHttp(samples.partner(url=str(url), authentication=HEADERS), url, secrets=Secrets(tmp_path))
        assert await http.exchange("POST", url, {}, b"{}") == Answer(401)
        (tmp_path / "key").write_text("sleutel-2\n")
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        (tmp_path / "key").write_text("")
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        await http.close()
    assert partner.tried == ["sleutel-1", "sleutel-2", "sleutel-2"]


async def test_a_401_with_nothing_new_to_show_is_an_answer(tmp_path: Path) -> None:
    """Asked once: a person must look."""
    (tmp_path / "key").write_text("sleutel-1")
    partner = Guarded("sleutel-2")
    async with serving(partner.answer) as url:
        http = PartnerHttp(samples.partner(url=str(url), authentication=HEADERS), url, secrets=Secrets(tmp_path))
        assert await http.exchange("POST", url, {}, b"{}") == Answer(401)
        await http.close()
    assert len(partner.tried) == 1


@pytest.mark.parametrize(
    "other",
    ["http://127.0.0.2:{}/", "https://127.0.0.1:{}/", "http://127.0.0.1:1/", "http://user@127.0.0.1:{}/"],
)
async def test_what_lets_us_in_goes_to_the_partners_own_address_alone(tmp_path: Path, other: str) -> None:
    """Whatever a partner's notification points at: another host, scheme or port gets neither content nor key."""
    (tmp_path / "key").write_text("sleutel-1")
    partner = Guarded("sleutel-1")
    async with serving(partner.answer) as url:
        http = PartnerHttp(samples.partner(url=str(url), authentication=HEADERS), url, secrets=Secrets(tmp_path))
        assert await http.exchange("GET", URL(other.format(url.port)), {}) == NotSent("other-origin")
        await http.close()
    assert partner.tried == []


def test_a_user_in_a_url_is_refused() -> None:
    """It would be sent as a password that nobody meant to write down in the configuration."""
    with pytest.raises(Refused, match="by reference"):
        PartnerHttp(samples.partner(), URL("https://user:pass@partner.example/"))


def test_a_partner_with_a_server_has_one_door() -> None:
    """Shared by what sends and what asks; an inbox has none."""
    served = samples.partner()
    inbox = served.model_copy(update={"id": "inbox", "channel": InboxChannel(type="inbox")})
    assert set(doors([served, inbox], Secrets())) == {served.id}
