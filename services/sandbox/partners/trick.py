"""TRICK: one way to misbehave, as what it does to an exchange, a clock, a certificate and a memory."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from functools import reduce

from aiohttp import web
from aiohttp.typedefs import Handler


class Certificate(StrEnum):
    """Which one a partner shows."""

    OWN = auto()
    CHANGED = auto()  # another key, from the same authority
    STRANGER = auto()  # from an authority that nobody knows


class Lapse(StrEnum):
    """What a partner's software neglects; each kind of partner says what that is for it."""

    DOUBLES = auto()  # the same again is kept again
    DUPLICATES = auto()  # what arrives was there already, twice
    FIRST_ONLY = auto()  # later revisions are answered well, and change nothing
    LATEST_WINS = auto()  # an old revision that comes again overwrites a newer one
    DEAF_TO_CANCEL = auto()  # a withdrawal is answered well, and changes nothing
    KEEPS_PATIENT = auto()  # a Patient that is there already is answered well, and stays as it is
    ANY_SIGNATURE = auto()
    ANY_TIME = auto()  # a signature of long ago will do
    ANY_TOKEN = auto()
    NO_HANDSHAKE = auto()  # a Subscription is answered well, and nobody tries it
    NEVER_NOTIFIES = auto()  # it shakes hands, and tells nothing after that
    TELLS_MORE = auto()  # what was asked to be ids only has the whole resource with it
    SILENT = auto()  # nobody ever says what becomes of it


Around = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
"""One exchange: it may call the handler, which keeps what came and answers, or not."""


async def well(request: web.Request, handler: Handler) -> web.StreamResponse:
    """As it should go."""
    return await handler(request)


@dataclass(frozen=True, slots=True)
class Trick:
    """`around` goes round every exchange, `off` is how far the clock is ahead, `shows` is for TLS."""

    around: Around = well
    off: timedelta = timedelta()
    shows: Certificate = Certificate.OWN
    lapses: frozenset[Lapse] = frozenset()


def combined(tricks: Sequence[Trick]) -> Trick:
    """All at once: the first is outermost of the exchange, the last certificate that is not its own is shown."""
    return reduce(_both, tricks, Trick())


def _both(outer: Trick, inner: Trick) -> Trick:
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """The inner trick goes round the handler, the outer one round both."""

        async def within(request: web.Request) -> web.StreamResponse:
            """What the outer one takes for the handler."""
            return await inner.around(request, handler)

        return await outer.around(request, within)

    shows = outer.shows if inner.shows is Certificate.OWN else inner.shows
    return Trick(around, outer.off + inner.off, shows, outer.lapses | inner.lapses)
