"""RESOURCE: an answer's body as a JSON object, whatever it holds."""

from typing import Any

import orjson


def resource_of(body: bytes | None) -> dict[str, Any]:
    """A JSON object, or an empty one for whatever is none."""
    try:
        found = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
