"""CHECK TABLE: what became of a sample, for people, in a terminal of eighty columns."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from rich.table import Table
from rich.text import Text

from schemas import code_words, why
from schemas.reason_words import beside
from schemas.words import Language, told
from services.ingest import check_words as words
from services.ingest import fix_words
from services.ingest.telling import Told

_COLOURS: Final = {"signal": "green", "withdrawal": "cyan", "ignored": "yellow", "unreadable": "red"}
_MOMENTS: Final = frozenset({"observed_at", "changed_at"})


def tabled(fates: Sequence[Told], source: str, language: Language) -> Table:
    """An event a row: what it became, its facts, and what was found; or why there are none, and what to do."""
    table = Table(box=None, title=source, title_justify="left", padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("#", no_wrap=True, justify="right")
    table.add_column(words.BECAME_HEAD.in_(language), no_wrap=True)
    table.add_column(words.FACTS_HEAD.in_(language), overflow="fold")
    table.add_column(words.FOUND_HEAD.in_(language), overflow="fold")
    for fate in fates:
        became = Text(told(words.BECAME, fate.became, language), _COLOURS[fate.became])
        facts, found = (Text("\n".join(lines)) for lines in (_facts(fate, language), _found(fate, language)))
        table.add_row(str(fate.number), became, facts, found)
    return table


def _facts(fate: Told, language: Language) -> Iterator[str]:
    for name, value in fate.facts.items():
        values = value if isinstance(value, list) else [value]
        said = (_value(name, each, language) for each in values)
        yield f"{_name(name, language)}: {', '.join(said)}"


def _found(fate: Told, language: Language) -> Iterator[str]:
    """First what stands in the way, and what to do; else what there is, and what follows where something is not."""
    yield from filter(None, (beside(fate.reason, language), fate.field, fix(fate, language)))
    there = (name for name, found in fate.found.items() if found)
    named = [_particular(name, language) for name in (*there, *fate.particulars)]
    named += [words.REMOVED.in_(language).format(fate.removed)] if fate.removed else []
    yield from filter(None, (", ".join(named),))
    yield from (told(words.WITHOUT, name, language) for name, found in fate.found.items() if not found)


def fix(fate: Told, language: Language) -> str:
    """What to do, or what the reason means; as the stage said it where we have no words for it."""
    if language == "en" or not fate.fix:
        return fate.fix
    match fate.became:
        case "unreadable":
            return fix_words.dutch(fate.reason, fate.fix) or fate.fix
        case "ignored":
            return words.BECAUSE[fate.reason].nl
        case _:
            return words.ONLY_TOLD.nl


def _name(name: str, language: Language) -> str:
    """In English as in rules and in JSON."""
    known = why.NAMES.get(name) or words.FACTS.get(name)
    return known.nl if known and language == "nl" else name


def _value(name: str, value: object, language: Language) -> str:
    """Their own code stays as they write it, also where ours is called so."""
    if name in _MOMENTS:
        return _moment(str(value))
    return str(value) if name == "origin_code" else shown(value, language)


def _moment(value: str) -> str:
    return f"{datetime.fromisoformat(value).astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


def shown(value: object, language: Language) -> str:
    """A value for people; in Dutch a code stands behind its words."""
    if isinstance(value, bool):
        return why.value("yes" if value else "no", language)
    code = str(value)
    if language == "en":
        return code
    known = code_words.called(code, language) or why.value(code, language)
    return code if known == code else f"{known} ({code})"


def _particular(name: str, language: Language) -> str:
    count, _, _ = name.partition(" ")
    if count.isdecimal():
        return (words.PERSON if count == "1" else words.PEOPLE).in_(language).format(count)
    return told(words.PARTICULARS, name, language)
