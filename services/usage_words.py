"""USAGE WORDS: what was typed wrong, in one sentence in English and Dutch, and where to look.

Typer tells it in English, in a frame, under a summary of every option. A sentence of it that we do not know stays.
"""

import re
from typing import Final

from schemas.words import Words, filled

_SENTENCES: Final = tuple(
    (re.compile(pattern, re.DOTALL), said)
    for pattern, said in (
        (r"Missing (?:option|argument|parameter) (.+?)\..*", Words("{} is missing", "{} ontbreekt")),
        (
            r"No such option: (\S+) \(Possible options: (.+)\)",
            Words("there is no option {}. There is {}", "er is geen optie {}. Wel {}"),
        ),
        (r"No such option: (\S+)", Words("there is no option {}", "er is geen optie {}")),
        (
            r"No such command '(.+)'\. Did you mean (.+)\?",
            Words("there is no {}. Did you mean {}?", "er is geen {}. Bedoelt u {}?"),
        ),
        (r"No such command '(.+)'\.", Words("there is no {}", "er is geen {}")),
        (r"(?:Option )?(.+) requires an argument\.", Words("{} needs a value", "{} heeft een waarde nodig")),
        (
            r"Got unexpected extra arguments?.*",
            Words("more stands there than it takes", "er staat meer dan erbij kan"),
        ),
        (
            r"Invalid value for (.+?): .* is not one of (.+)\.",
            Words("{} should be one of {}", "{} hoort een van deze te zijn: {}"),
        ),
        (
            r"Invalid value for (.+?): (?:Input should be a valid date|.* does not match the formats? '%Y-%m-%d').*",
            Words("{} should be a date, like 2026-01-31", "{} hoort een datum te zijn, zoals 2026-01-31"),
        ),
        (
            r"Invalid value for (.+?): Input should be a valid integer.*",
            Words("{} should be a whole number", "{} hoort een heel getal te zijn"),
        ),
        (
            r"Invalid value for (.+?): Input should be a valid number.*",
            Words("{} should be a number", "{} hoort een getal te zijn"),
        ),
        (
            r"Invalid value for (.+?): Input should be greater than or equal to (\S+)",
            Words("{} should be at least {}", "{} hoort minstens {} te zijn"),
        ),
        (
            r"Invalid value for (.+?): Input should be less than or equal to (\S+)",
            Words("{} should be at most {}", "{} hoort hoogstens {} te zijn"),
        ),
    )
)
"""What Typer says, and what we say; the parts of it that stand in ours are names and numbers, in this order."""

_WHERE: Final = Words("{}: {} `{} --help` has an example", "{}: {} `{} --help` geeft een voorbeeld")


def told(text: str, command: str) -> Words:
    """`text`, which Typer says of what was typed after `command`, as one line; a value is not repeated."""
    for pattern, said in _SENTENCES:
        if found := pattern.fullmatch(text):
            return _whole(filled(said, *(part.replace("'", "") for part in found.groups())), command)
    return _whole(Words(text, text), command)


def _whole(what: Words, command: str) -> Words:
    """A sentence that asks something ends as it does."""
    ended = Words(*(part if part.endswith("?") else part.rstrip(".") + "." for part in (what.en, what.nl)))
    return filled(_WHERE, command, ended, command)
