"""LISTENING: the door that real referrals take, with what went through it written down: never what was in it."""

from collections.abc import Mapping
from time import perf_counter

from yarl import URL

from schemas.partner import Partner
from services.notify.http import PartnerHttp
from services.notify.kit.heard import Heard
from services.notify.reply import Reply
from services.notify.secrets import Secrets
from services.notify.wire import Limits
from services.runtime.clock import Clock


class Listening(PartnerHttp):
    """Adds every exchange to `heard`."""

    def __init__(
        self, partner: Partner, url: URL, limits: Limits, secrets: Secrets, *, heard: list[Heard], clock: Clock
    ) -> None:
        super().__init__(partner, url, limits, secrets)
        self._heard = heard
        self._clock = clock

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """As any door does."""
        began = perf_counter()
        reply = await super().exchange(method, url, headers, body)
        self._heard.append(Heard(reply, perf_counter() - began, self._clock()))
        return reply
