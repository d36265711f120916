"""The examples that partners build with: they are what the channels send, and their signatures hold."""

import asyncio
import re
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks.webhooks import Webhook

from schemas.cloudevents import OUR_SOURCE
from schemas.partner import WebhookChannel
from services.cli import main
from services.notify.channel import Parcel
from services.notify.channels.webhook import WebhookSender
from services.notify.examples import case, make
from services.notify.fhir.validate import peer_review
from services.notify.http import PartnerHttp
from services.notify.outcome import Accepted
from tests.contract.notify.web import serving
from tests.unit.notify import samples

README = (make.FOLDER.parent / "README.md").read_text()
MADE = asyncio.run(make.files())
SIGNED = ("webhook-new", "webhook-update", "webhook-withdrawal", "notification-new")


@pytest.mark.parametrize("name", sorted(MADE))
def test_an_example_is_what_the_channel_sends(name: str) -> None:
    """To the byte, and the page for partners leads to it; else run `seinpaal partner examples` on their folder."""
    assert (make.FOLDER / name).read_bytes() == MADE[name]
    assert f"(golden/{name})" in README


def test_no_example_is_left_that_nothing_sends() -> None:
    """Every file comes of a channel."""
    assert {path.name for path in make.FOLDER.iterdir()} == set(MADE)


def test_the_command_writes_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For a supplier without the source."""
    with pytest.raises(SystemExit) as ended:
        main(["partner", "examples", str(tmp_path / "new")])
    assert not ended.value.code
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == MADE
    assert make.PUBLIC in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", [name for name in MADE if name.startswith(("fhir", "message")) and name.endswith("json")]
)
def test_the_bundles_are_fhir_of_test_data(name: str) -> None:
    """`fhir.resources` takes them, and whoever loads one sees that it is marked."""
    found = orjson.loads(MADE[name])
    labels = {label["code"] for label in found["meta"]["security"]}
    assert {"V", "SDV", "HTEST"} == labels
    assert found["resourceType"] == "Patient" or peer_review(found) == ()


@pytest.mark.parametrize("name", SIGNED)
def test_the_signatures_hold_over_the_files(name: str) -> None:
    """By the keys on the page, as the standard's own package and an independent one work them out."""
    secret, public = re.findall(r"`(whsec_\S+|whpk_\S+)`", README)
    channel, _, revision = name.partition("-")
    part = next(each for each in MADE[f"{channel}.http"].decode().split("### ") if f", {revision}\n" in each)
    headers = dict(line.split(": ", 1) for line in part.splitlines()[2:] if ": " in line)
    body = MADE[f"{name}.json"]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    asymmetric, symmetric = headers["webhook-signature"].split(" ")
    assert symmetric == Webhook(secret).sign(headers["webhook-id"], at, body.decode())
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = Ed25519PublicKey.from_public_bytes(b64decode(public.removeprefix("whpk_")))
    key.verify(b64decode(asymmetric.removeprefix("v1a,")), text)


async def test_on_the_wire_nothing_else_is_said() -> None:
    """A real server hears the example's headers, and beside them only what a connection needs."""
    heard: list[dict[str, str]] = []

    async def listen(request: web.Request) -> web.Response:
        heard.append(dict(request.headers))
        return web.Response(status=204)

    async with serving(listen) as url:
        channel = WebhookChannel.model_validate({"type": "webhook", "url": str(url), "secret": "env:EXAMPLE"})
        told = case.letter(case.partner(case.WEBHOOK), 1)
        http = PartnerHttp(samples.partner(channel=channel), url)
        sender = WebhookSender(http, str(url), lambda: make.KEYS, source=OUR_SOURCE)
        body = sender.pack(told)
        assert body == MADE["webhook-new.json"]
        parcel = Parcel(told.referral.id, body, 1, creates=True, uncertain=False, traceparent=make.TRACE, at=case.AT)
        assert await sender.send(parcel) == Accepted(204)
        await sender.close()
    [request] = heard
    example = MADE["webhook.http"].decode().split("\n\n")[0].splitlines()[2:]
    said = {name.lower(): value for name, value in request.items()}
    shown = {name.lower(): value for name, _, value in (line.partition(": ") for line in example)}
    assert shown == {name: value for name, value in said.items() if name not in {"host", "content-length", "accept"}}
