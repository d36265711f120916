"""ARCHIVE: a rule set as it decided, kept whole: as long as a decision is remembered it can be explained.

What is read back is not checked again. A later release may find fault with a set, and it decided all the same.
"""

from collections.abc import Iterable

from schemas.area import AreaEntry
from schemas.message import Message
from schemas.words import filled
from services.router import refusal_words as refused
from services.router.condition import read
from services.router.configuration import read_texts
from services.router.directory import Directory
from services.router.policy import Route, Texts
from services.router.rule import Rule
from services.router.ruleset import Checked, RuleSet
from services.runtime.errors import Refused


class Archived(Message):
    """All that bears on a decision."""

    rules: tuple[Rule, ...]
    areas: tuple[AreaEntry, ...]
    partners: tuple[Route, ...]


def written(rules: RuleSet) -> str:
    """The set as text to keep."""
    partners = tuple(Route.of(partner) for partner in rules.directory.partners.values())
    kept = Archived(
        rules=tuple(checked.rule for checked in rules.rules), areas=rules.directory.areas, partners=partners
    )
    return kept.write().decode()


def of_archive(text: str, version: str) -> RuleSet:
    """The set that was kept.

    Raises:
        Refused: this release cannot read it, or it is another set.
    """
    kept = Archived.read(text)
    return _same(kept.rules, Directory(kept.partners, kept.areas), version)


def of_proposal(policy: Texts, version: str) -> RuleSet:
    """The set that was proposed. Raises as `of_archive` does."""
    configuration, _ = read_texts(policy)
    if configuration is None:
        raise _unreadable(version)
    return _same((placed.rule for placed in configuration.placed()), configuration.directory(), version)


def _same(rules: Iterable[Rule], directory: Directory, version: str) -> RuleSet:
    checked: list[Checked] = []
    for rule in rules:
        condition, _ = read(rule.when)
        if condition is None:
            raise _unreadable(version)
        checked.append(Checked(rule, condition))
    found = RuleSet(checked, directory)
    if found.version != version:
        raise Refused(filled(refused.ANOTHER_KEPT, version[:12]))
    return found


def _unreadable(version: str) -> Refused:
    return Refused(filled(refused.OF_ANOTHER_RELEASE, version[:12]))
