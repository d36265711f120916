"""TERMINAL JSON: JSON that a terminal shows as it is, whoever wrote what stands in it."""


def harmless(json: bytes | str) -> str:
    """The same JSON, with whatever steers a terminal or turns text around written by its number.

    JSON itself lets C1 controls, DEL and the directions of Unicode stand in a string as they are.
    """
    text = json if isinstance(json, str) else json.decode()
    return text if text.isprintable() else "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(one: str) -> str:
    """In UTF-16, as JSON counts: two of them for what lies beyond the first plane."""
    units = one.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
