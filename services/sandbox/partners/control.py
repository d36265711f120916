"""CONTROL: change how a running partner misbehaves, from this machine: `PUT /mischief` with a JSON list of names."""

from typing import Any

import orjson
from aiohttp import web

from services.runtime.errors import Refused
from services.sandbox.mischief_words import ABOUT
from services.sandbox.partners.misbehaviour import Misbehaviour
from services.sandbox.partners.mischief import MISCHIEF

HOST = "127.0.0.1"


class Control:
    """A door of its own, on the loopback address, so that a partner that misbehaves can still be told to stop."""

    def __init__(self, misbehaviour: Misbehaviour, port: int = 0) -> None:
        self._misbehaviour = misbehaviour
        self._port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Its URL. Raises OSError when the port is taken."""
        app = web.Application()
        app.add_routes([web.get("/mischief", self._tell), web.put("/mischief", self._play)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        return f"http://{HOST}:{self._runner.addresses[0][1]}/mischief"

    async def stop(self) -> None:
        """Safe to call twice, and before start."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _tell(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "playing": list(self._misbehaviour.names),
                "known": {name: ABOUT[name].en for name in MISCHIEF},
            }
        )

    async def _play(self, request: web.Request) -> web.Response:
        names = _names(await request.read())
        if names is None:
            return web.json_response({"error": 'send a JSON list of names, as in ["slow=3", "redirect"]'}, status=400)
        try:
            self._misbehaviour.play(names)
        except Refused as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"playing": names})


def _names(body: bytes) -> list[str] | None:
    try:
        names: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else None
