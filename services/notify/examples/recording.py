"""RECORDING: the door of a channel, behind which nobody is: what would go through it is written down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yarl import URL

from schemas.partner import Partner
from services.notify.http import PartnerHttp
from services.notify.reply import Answer, Reply
from services.notify.wire import ALWAYS


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it would have been sent; what the connection itself adds (Host, Content-Length) is not there."""

    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | None

    @property
    def head(self) -> str:
        """Its line and its headers."""
        return "\n".join([f"{self.method} {self.url}", *(f"{name}: {value}" for name, value in self.headers.items())])


class Recording(PartnerHttp):
    """Every request is answered by *answers*, with a 200; nothing is connected."""

    def __init__(self, partner: Partner, url: URL, answers: Callable[[Request], bytes]) -> None:
        super().__init__(partner, url)
        self._answers = answers
        self.requests: list[Request] = []

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """Keep the request instead of sending it; the answer is made up."""
        request = Request(method, url, {**ALWAYS, **headers}, body)
        self.requests.append(request)
        return Answer(200, body=self._answers(request))
