"""CONDITION PARTS: the list of what must all hold, so that a person is told at which of them it stopped."""

import re
from typing import Final

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|&&|\|\||[()\[\]]')
"""What matters for cutting: text between quotes is passed over, as brackets in it are none."""


def parts(text: str) -> tuple[str, ...]:
    """What stands between the `&&` of a condition, in order, also inside brackets that enclose all of it.

    Where `||` joins the whole there is one part: `a && b || c` is `(a && b) || c`.
    """
    found: list[str] = []
    waiting = [text]
    while waiting:
        bare = _bare(waiting.pop(0))
        cut = _cut(bare)
        if len(cut) == 1:
            found.append(" ".join(bare.split()))
        else:
            waiting = [*cut, *waiting]
    return tuple(found)


def _bare(text: str) -> str:
    """Without the brackets around all of it."""
    text = text.strip()
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    """Where the bracket closes that `text` begins with."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "([":
            depth += 1
        elif token[0] in ")]":
            depth -= 1
            if depth == 0:
                return token.start()
    return -1


def _cut(text: str) -> list[str]:
    depth, begin, cut = 0, 0, list[str]()
    for token in _TOKEN.finditer(text):
        if token[0] in "([":
            depth += 1
        elif token[0] in ")]":
            depth -= 1
        elif depth == 0 and token[0] == "||":
            return [text]
        elif depth == 0 and token[0] == "&&":
            cut.append(text[begin : token.start()])
            begin = token.end()
    return [*cut, text[begin:]]
