"""A JSON object out of bytes of somebody else's."""

from typing import Any

import orjson


def json_object(body: bytes | None) -> dict[str, Any]:
    """The object, or an empty one for whatever is none."""
    try:
        said: Any = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
