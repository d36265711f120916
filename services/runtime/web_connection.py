"""WEB CONNECTION: one connection to a web server of ours: who does not come to the point is hung up on."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from services.runtime.connections import Place

HEAD_SECONDS: Final = 10.0
"""How long a TLS handshake may take, and then a request's whole head, from the connection or the last answer on."""

TAKE_SECONDS: Final = 30.0
"""How long an answer may lie on our side of which nothing is taken."""


class WebConnection(H11Protocol):
    """Uvicorn's, which would wait for the rest of a head for ever, and any byte of it would do."""

    def __init__(self, config: uvicorn.Config, state: ServerState, app_state: dict[str, Any], place: Place) -> None:
        super().__init__(config, state, app_state | {"place": place})
        self._place = place
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """From now on a head is waited for."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Only a whole head ends the waiting."""
        super().data_received(data)
        if self._answering:
            self._be_patient()
            self._place.hang_up = None

    def on_response_complete(self) -> None:
        """What is left of the last body is no head: it may come meanwhile, and gives no more time."""
        super().on_response_complete()
        if not self._answering:
            self._await_head()

    def pause_writing(self) -> None:
        """They take nothing of what we answer: not for ever, and nobody else waits for that."""
        super().pause_writing()
        if self._answering:
            self._await(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """They go on."""
        super().resume_writing()
        if self._answering:
            self._be_patient()
            self._place.hang_up = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Its place is free."""
        self._be_patient()
        self._place.leave()
        super().connection_lost(exc)

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._await(HEAD_SECONDS, self._hang_up)

    def _await(self, seconds: float, otherwise: Callable[[], None]) -> None:
        """Meanwhile it may be hung up on for somebody else."""
        self._be_patient()
        self._patience = self.loop.call_later(seconds, otherwise)
        self._place.hang_up = self.transport.abort

    def _be_patient(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _hang_up(self) -> None:
        """Without a word to who said nothing; an answer that is still on its way goes first, while they take it."""
        if self.transport.get_write_buffer_size():
            self.transport.close()
            self._await(TAKE_SECONDS, self.transport.abort)
        else:
            self.transport.abort()
