"""A key that signs for a partner is changed where it is mounted, without a restart."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from structlog.testing import capture_logs

from schemas.cloudevents import OUR_SOURCE
from schemas.partner import NotifiedPullChannel
from services.notify.channel import Channel, Parcel
from services.notify.doors import doors
from services.notify.partner_channels import outlets
from services.notify.secrets import Secrets
from tests.contract.notify.web import serving
from tests.unit.notify import samples

OLD, NEW = (f"whsec_{b64encode(bytes([each]) * 32).decode()}" for each in range(2))


async def sign(channel: Channel) -> None:
    """One attempt."""
    letter, at = samples.letter(), datetime.now(UTC)
    body = channel.pack(letter)
    await channel.send(
        Parcel(letter.referral.id, body, attempt=1, creates=True, uncertain=False, traceparent=None, at=at)
    )


@pytest.mark.parametrize("kind", ["webhook", "notified-pull"])
async def test_a_changed_key_signs_from_the_next_attempt_on(kind: str, tmp_path: Path) -> None:
    """Of one that is half written there is a line in the log, and the last good one goes on signing."""
    key, came = tmp_path / "hook", list[tuple[dict[str, str], bytes]]()

    async def handle(request: web.Request) -> web.Response:
        came.append((dict(request.headers), await request.read()))
        return web.Response(status=202)

    async with serving(handle) as url:
        partner = samples.partner(url=str(url), secret="mounted:hook", access={"tokens": ("mounted:hook",)})  # noqa: S106  a place
        if kind == "notified-pull":
            told = partner.channel.model_dump() | {"type": kind}
            partner = partner.model_copy(update={"channel": NotifiedPullChannel.model_validate(told)})
        key.write_text(OLD)
        secrets = Secrets(tmp_path)
        channel = outlets([partner], doors([partner], secrets), secrets, "http://127.0.0.1:1/", source=OUR_SOURCE)[
            partner.id
        ]
        await sign(channel)
        key.write_text(NEW)
        await sign(channel)
        with capture_logs() as lines:
            key.write_text("whsec_")
            await sign(channel)
        await channel.close()
    for headers, body in came[1:]:
        Webhook(NEW).verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(OLD).verify(body, headers)
    Webhook(OLD).verify(came[0][1], came[0][0])
    assert [(line["event"], line["partner"]) for line in lines] == [("notify.secret_unusable", partner.id)]
