"""CALLER: the partner that asks, as a handler of the reception gets it."""

from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from schemas.partner import Partner
from services.notify.newest_entry import Newer
from services.runtime.errors import TryLater

_SCHEME: Final = HTTPBearer(auto_error=False, description="The token you agreed on with us")


def _caller(request: Request, _: Annotated[object, Depends(_SCHEME)]) -> Partner:
    partner: Partner = request.state.caller
    return partner


Caller = Annotated[Partner, Depends(_caller)]
"""In the signature of a handler: the partner that asks. The door let it in, so there always is one."""


def by_newest_entry(newer: Newer) -> Any:
    """Among a router's dependencies: by an older entry of ours, whoever comes is shown nothing (TryLater).

    The token that let it in may be the very thing that a person has changed; who has the newer one answers.
    """

    async def _left(caller: Caller) -> None:
        if caller.id in newer.left:
            raise TryLater("notify: another instance has a newer entry of this partner")

    return Depends(_left)
