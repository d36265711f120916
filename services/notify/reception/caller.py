"""CALLER: the partner that asks, as a handler of the reception gets it."""

from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from schemas.partner import Partner

_SCHEME: Final = HTTPBearer(auto_error=False, description="The token you agreed on with us")


def _caller(request: Request, _: Annotated[object, Depends(_SCHEME)]) -> Partner:
    partner: Partner = request.state.caller
    return partner


Caller = Annotated[Partner, Depends(_caller)]
"""In the signature of a handler: the partner that asks. The door let it in, so there always is one."""
