"""Every mischief by its name: combined, changed while a partner runs, shown in TLS and in clocks, refused."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, TCPConnector
from typer.testing import CliRunner

from services.notify.fhir.specimen import SID, specimen
from services.runtime.errors import Refused
from services.sandbox.partner_commands import app
from services.sandbox.partners.certificates import Certificates
from services.sandbox.partners.control import Control
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.listener import Address
from services.sandbox.partners.mischief import MISCHIEF, tricks
from services.sandbox.partners.trick import Certificate, Lapse
from services.sandbox.partners.webhook_holding import Holding, taken

NOW = datetime(2026, 3, 3, 8, 15, tzinfo=UTC)
TASK = f"{SID}/task|00000000-0000-5000-8000-0000000000aa"
FHIR = {"Content-Type": "application/fhir+json"}


@pytest.fixture
async def control(partner: FhirPartner) -> AsyncIterator[str]:
    """The address of a partner's control."""
    made = Control(partner.misbehaviour)
    yield await made.start()
    await made.stop()


async def status(client: ClientSession, url: str) -> int:
    """What a referral is answered, redirects not followed."""
    async with client.post(url, json=specimen(), headers=FHIR, allow_redirects=False) as response:
        return response.status


async def test_a_running_partner_is_told_to_misbehave_and_to_stop(
    partner: FhirPartner, control: str, client: ClientSession
) -> None:
    """Over the control's own address; what is not known changes nothing."""
    url = await partner.start()
    async with client.put(control, json=["redirect"]) as response:
        assert await response.json() == {"playing": ["redirect"]}
    assert await status(client, url) == 307
    for wrong in (["redirects"], ["slow=x"], "redirect", [1]):
        async with client.put(control, json=wrong) as response:
            assert (response.status, "error" in await response.json()) == (400, True)
    async with client.get(control) as response:
        told = await response.json()
    assert (told["playing"], set(told["known"])) == (["redirect"], set(MISCHIEF))
    async with client.put(control, json=[]) as response:
        assert response.status == 200
    assert await status(client, url) == 200


async def test_a_command_changes_a_running_partner(partner: FhirPartner, control: str) -> None:
    """`seinpaal sandbox mischief` with the address that the partner printed."""
    result = await asyncio.to_thread(CliRunner().invoke, app, ["mischief", "redirect", "--control", control, "--json"])
    assert (result.exit_code, result.output) == (0, '{"playing":["redirect"]}\n')
    assert partner.misbehaviour.names == ("redirect",)


async def test_several_at_once_are_all_there_and_the_first_is_outermost(
    partner: FhirPartner, client: ClientSession
) -> None:
    """500 after storing, twice; behind a redirect nothing is stored."""
    url = await partner.start()
    partner.misbehaviour.play(["error-after", "doubles"])
    assert [await status(client, url), await status(client, url)] == [500, 500]
    assert partner.receipts.by_identifier[TASK].created == 2
    partner.misbehaviour.play(["redirect", "doubles"])
    assert await status(client, url) == 307
    assert partner.receipts.by_identifier[TASK].created == 2


async def test_unavailable_ends_and_says_when(client: ClientSession) -> None:
    """Retry-After counts down on the partner's own clock."""
    clock = [NOW]
    partner = FhirPartner("testpartner", clock=lambda: clock[0])
    url = await partner.start()
    partner.misbehaviour.play(["unavailable=30"])
    for later, wait in ((0, "30"), (20, "10")):
        clock[0] = NOW + timedelta(seconds=later)
        async with client.post(url, json=specimen(), headers=FHIR) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, wait)
    clock[0] = NOW + timedelta(seconds=30)
    assert await status(client, url) == 200
    await partner.stop()


async def test_a_tiny_rate_limit_speaks_both_forms_of_retry_after(client: ClientSession) -> None:
    """Seconds, then a date; what was refused was not kept."""
    partner = FhirPartner("testpartner", clock=lambda: NOW)
    url = await partner.start()
    partner.misbehaviour.play(["rate-limit=0.1"])
    assert await status(client, url) == 200
    waits = []
    for _ in range(2):
        async with client.post(url, json=specimen(), headers=FHIR) as response:
            waits.append(response.headers["Retry-After"])
    assert waits[0] == "10"
    assert parsedate_to_datetime(waits[1]) == NOW + timedelta(seconds=10)
    assert partner.receipts.by_identifier[TASK].repeated == 0
    await partner.stop()


async def test_a_clock_that_is_off_shows_in_every_answer(client: ClientSession) -> None:
    """In the Date header, and in what the partner writes."""
    partner = FhirPartner("testpartner", clock=lambda: NOW)
    url = await partner.start()
    partner.misbehaviour.play(["clock-off"])
    async with client.post(url, json=specimen(), headers=FHIR) as response:
        entry = (await response.json())["entry"][0]
        assert parsedate_to_datetime(response.headers["Date"]) == NOW + timedelta(days=1)
    assert datetime.fromisoformat(entry["response"]["lastModified"]) == NOW + timedelta(days=1)
    await partner.stop()


async def test_a_bomb_is_small_until_it_is_unpacked(partner: FhirPartner) -> None:
    """A hundred megabytes in a hundred kilobytes, though nobody asked for compression."""
    url = await partner.start()
    partner.misbehaviour.play(["gzip-bomb=100"])
    async with ClientSession(auto_decompress=False) as raw, raw.post(url, json=specimen(), headers=FHIR) as response:
        body = await response.read()
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(body) < 200_000


async def test_a_certificate_changes_while_the_partner_runs(tmp_path: Path) -> None:
    """Its own is vouched for and has its pin; the changed one has another key; the stranger's nobody vouches for."""
    certificates = Certificates(tmp_path)
    partner = FhirPartner("testpartner", address=Address(tls=certificates))
    url = await partner.start()
    trusting = ssl.create_default_context(cafile=str(certificates.authority))
    keys = []
    async with ClientSession(connector=TCPConnector(ssl=trusting)) as session:
        for names in ([], ["changed-key"]):
            partner.misbehaviour.play(names)
            async with session.get(f"{url}/metadata") as response:
                assert response.status == 200
            keys.append(await _certificate(url))
        partner.misbehaviour.play(["wrong-certificate"])
        with pytest.raises(ClientError):
            await session.get(f"{url}/metadata")
    await partner.stop()
    assert len({*keys}) == 2
    assert certificates.pin.startswith("sha256/")
    assert (tmp_path / f"{Certificate.OWN}.pem").stat().st_mode & 0o077 == 0


async def _certificate(url: str) -> str:
    port = int(url.rpartition(":")[2])
    return await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port))


async def test_without_its_token_nobody_comes_in_unless_it_takes_any(client: ClientSession) -> None:
    """401 to none and to a wrong one; the lapse lets everybody in."""
    partner = FhirPartner("testpartner", token="synthetisch")  # noqa: S106  a token of nobody's
    url = await partner.start()
    assert await status(client, url) == 401
    wrong, right = {"Authorization": "Bearer anders"}, {"Authorization": "Bearer synthetisch"}
    for given, expected in ((wrong, 401), (right, 200)):
        async with client.post(url, json=specimen(), headers={**FHIR, **given}) as response:
            assert response.status == expected
    partner.misbehaviour.play(["any-token"])
    assert await status(client, url) == 200
    await partner.stop()


@pytest.mark.parametrize(
    ("text", "fix"),
    [("slwo", "There are: slow"), ("slow=0", "slow=6"), ("slow=inf", "slow=6"), ("hang=1", "Write hang")],
)
def test_what_is_no_mischief_is_refused_with_what_is(text: str, fix: str) -> None:
    """The message says what to write."""
    with pytest.raises(Refused, match=fix):
        tricks([text], lambda: NOW)


@pytest.mark.parametrize(
    ("before", "data", "lapse", "repeated", "after"),
    [
        (None, {"revision": 1}, None, False, Holding(1, 1, "accepted")),
        (None, {"revision": 1}, Lapse.SILENT, False, Holding(1, 1, "requested")),
        (Holding(1, 1, "accepted"), {"revision": 1}, None, True, Holding(1, 1, "accepted")),
        (Holding(1, 1, "accepted"), {"revision": 1}, Lapse.DOUBLES, True, Holding(2, 1, "accepted")),
        (Holding(1, 1, "accepted"), {"revision": 2}, None, False, Holding(1, 2, "accepted")),
        (Holding(1, 1, "accepted"), {"revision": 2}, Lapse.FIRST_ONLY, False, Holding(1, 1, "accepted")),
        (Holding(1, 2, "accepted"), {"revision": 1}, None, True, Holding(1, 2, "accepted")),
        (Holding(1, 2, "accepted"), {"revision": 1}, Lapse.LATEST_WINS, True, Holding(1, 1, "accepted")),
        (Holding(1, 2, "accepted"), {"revision": 3, "change": "withdrawal"}, None, False, Holding(1, 3, "cancelled")),
        (
            Holding(1, 2, "accepted"),
            {"revision": 3, "change": "withdrawal"},
            Lapse.DEAF_TO_CANCEL,
            False,
            Holding(1, 2, "accepted"),
        ),
    ],
)
def test_what_a_webhook_partner_holds_follows_from_what_came_and_what_it_neglects(
    before: Holding | None,
    data: dict[str, object],
    lapse: Lapse | None,
    repeated: bool,  # noqa: FBT001  a column of the table above
    after: Holding,
) -> None:
    """One record of a referral, its newest revision, its status."""
    lapses = {lapse} if lapse else set()
    assert taken(before, dict(data), lapses, repeated=repeated, accepts=True) == after
