"""COMPARISON: what differs between two rule sets: rules with their fields, who helps where, and areas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.router.directory import Directory
from services.router.ruleset import RuleSet

Way = Literal["added", "removed", "changed"]
Subject = Literal["rule", "partner", "area"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is in one set only, or not the same in both. `fields`: name -> (before, after) of those changed.

    A partner's help is told a kind and an area at a time: `name` is then `partner kind area`.
    """

    subject: Subject
    way: Way
    name: str
    fields: Mapping[str, tuple[Any, Any]]


def differences(before: RuleSet, after: RuleSet) -> list[Change]:
    """All of them, rules first, by name. What changes no decision (examples beside a rule, names) is no difference."""
    return [
        *_changes("rule", _rules(before), _rules(after)),
        *_changes("partner", _help(before.directory), _help(after.directory)),
        *_changes("area", _areas(before.directory), _areas(after.directory)),
    ]


def _changes(
    subject: Subject, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        way: Way = "added" if was is None else "removed" if now is None else "changed"
        old, new = was or {}, now or {}
        fields = sorted(old.keys() | new.keys())
        differing = {field: (old.get(field), new.get(field)) for field in fields if old.get(field) != new.get(field)}
        yield Change(subject, way, name, differing)


def _rules(rules: RuleSet) -> dict[str, dict[str, Any]]:
    return {
        one.rule.id: one.rule.model_dump(mode="json", exclude_none=True, exclude={"id", "tests"}) for one in rules.rules
    }


def _help(directory: Directory) -> dict[str, dict[str, Any]]:
    """Of one help in one area a partner may have several periods: they are told together."""
    found: dict[str, dict[str, Any]] = {}
    for partner in directory.partners.values():
        for serves in partner.serves:
            period = f"{serves.valid_from or ''}..{serves.valid_until or ''}"
            for area in serves.areas:
                periods = found.setdefault(f"{partner.id} {serves.kind} {area}", {"period": ""})
                periods["period"] = " ".join(sorted({*periods["period"].split(), period}))
    return found


def _areas(directory: Directory) -> dict[str, dict[str, Any]]:
    return {
        " ".join(str(part) for part in (area.code, area.valid_from) if part): area.model_dump(
            mode="json", exclude_defaults=True, exclude={"code", "name", "places", "postcodes"}
        )
        for area in directory.areas
    }
