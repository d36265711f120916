"""What can be wrong between rules, areas and partners, though each by itself is well."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from schemas.codes import PartnerKind
from schemas.legal import KINDS
from schemas.partner import Serves
from schemas.words import Words, filled
from services.router import finding_words as words
from services.router.configuration import Configuration
from services.router.directory import Directory
from services.router.finding import Finding
from services.router.periods import backwards, overlap

_SHOWN: Final = 3
_TURNS: Final = 100
"""Days ahead on which something changes that are looked at; what they show is only told."""


def check_ids(configuration: Configuration) -> Iterator[Finding]:
    """No rule and no partner has the id of another: decisions refer to them by id."""
    first: dict[str, str] = {}
    for placed in configuration.placed():
        where = placed.where("id")
        if placed.rule.id in first:
            yield Finding.of(where, words.SAME_RULE, placed.rule.id, first[placed.rule.id])
        first.setdefault(placed.rule.id, where)
    known: set[str] = set()
    for place, partner in enumerate(configuration.partners.value.partners):
        if partner.id in known:
            where = configuration.partners.where("partners", place, "id")
            yield Finding.of(where, words.SAME_PARTNER, partner.id)
        known.add(partner.id)


def check_partners(configuration: Configuration, directory: Directory) -> Iterator[Finding]:
    """Partners give kinds of help of their own country, in areas there are."""
    countries = {area.code: area.country for area in directory.areas}
    for place, partner in enumerate(configuration.partners.value.partners):
        for part, serves in enumerate(partner.serves):
            path = ("partners", place, "serves", part)
            if backwards(serves):
                where = configuration.partners.where(*path, "valid_until")
                yield Finding.of(where, words.BACKWARDS)
            if serves.kind not in KINDS[partner.country]:
                where = configuration.partners.where(*path, "kind")
                yield Finding.of(where, words.NO_HELP_THERE, serves.kind, partner.country)
            strange = [code for code in serves.areas if countries.get(code) != partner.country]
            if strange:
                where = configuration.partners.where(*path, "areas")
                yield Finding.of(where, words.STRANGE_AREAS, _some(strange), partner.country)


def check_rivals(configuration: Configuration, directory: Directory) -> Iterator[Finding]:
    """For one kind of help, in one area, at one time there is one partner."""
    rivals: dict[tuple[PartnerKind, str, str], dict[str, None]] = {}
    for code in dict.fromkeys(area.code for area in directory.areas):
        for kind in PartnerKind:
            for first, second in _meeting(directory.serving(kind, code)):
                rivals.setdefault((kind, first, second), {})[code] = None
    for (kind, first, second), codes in rivals.items():
        place = [partner.id for partner in configuration.partners.value.partners].index(second)
        where = configuration.partners.where("partners", place, "serves")
        if first == second:
            yield Finding.of(where, words.GIVES_TWICE, first, kind, _some(codes))
        else:
            yield Finding.of(where, words.BOTH_GIVE, first, second, kind, _some(codes))


def _meeting(serving: Sequence[tuple[Serves, str]]) -> Iterator[tuple[str, str]]:
    """Partners whose days meet, in their order: each with the one before it that goes on longest."""
    lasting: tuple[int, Serves, str] | None = None
    entries = [(place, serves, partner) for place, (serves, partner) in enumerate(serving)]
    for one in sorted(entries, key=lambda entry: entry[1].valid_from or date.min):
        if lasting is not None and overlap(lasting[1], one[1]):
            first, second = sorted((lasting, one), key=lambda entry: entry[0])
            yield first[2], second[2]
        if lasting is None or (one[1].valid_until or date.max) > (lasting[1].valid_until or date.max):
            lasting = one


def check_coverage(configuration: Configuration, directory: Directory, day: date) -> Iterator[Finding]:
    """Every kind of help a rule names is given in every area of its country, for as long as that area is there.

    Where nobody ever gives it, the set is refused. Where somebody does but not on `day` or some later day, it is only
    told: a set that was good must not become bad by itself while the service is down; its signals wait for a person.
    """
    named = {(rule.rule.country, kind): rule.where("to") for rule in configuration.placed() for kind in rule.rule.to}
    for (country, kind), where in named.items():
        areas = [area for area in directory.areas if area.country == country]
        there = {area.code for area in areas if area.valid_until is None or area.valid_until > day}
        never = {code for code in there if not directory.serving(kind, code)}
        if never:
            yield Finding.of(where, words.NOBODY, kind, _some(never))
        for other in _days(directory, kind, day):
            codes = {area.code for area in areas if area.valid_on(other)} - never
            gone = {code for code in codes if directory.partner_for(kind, code, other) is None}
            if gone:
                yield Finding.of(where, words.NOBODY_ON, kind, _some(gone), other, refuses=False)


def _days(directory: Directory, kind: PartnerKind, day: date) -> list[date]:
    """`day`, and every later day on which who gives that help changes, or an area begins."""
    every = [serves for partner in directory.partners.values() for serves in partner.serves if serves.kind is kind]
    turns = {end for serves in every for end in (serves.valid_from, serves.valid_until)}
    turns |= {area.valid_from for area in directory.areas}
    return [day, *sorted(turn for turn in turns if turn is not None and turn > day)[:_TURNS]]


def _some(codes: Iterable[str]) -> Words:
    named = sorted(codes)
    shown, more = ", ".join(named[:_SHOWN]), len(named) - _SHOWN
    return filled(words.AND_MORE, shown, more) if more > 0 else Words(shown, shown)
