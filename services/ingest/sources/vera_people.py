"""VERA's persons: who they are and what they may be in a signal, and never more than that."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from schemas.codes import PersonRole
from schemas.signal import Person, Reporter
from services.ingest.births import Told, born, is_child
from services.ingest.sources.vera import code
from services.ingest.values import mappings, short

Object = Mapping[str, Any]

MOST: Final = 30
"""Persons of one signal: a household, not a list of tenants."""

_CHILD_ROLES: Final = frozenset({"KIN"})  # expired since 2022, and still sent
_GROUP: Final = "GRO"
NOT_PERSONS: Final = frozenset({"REC", _GROUP})
RELATIONS: Final = {"HUU": "huurder", "MDH": "medehuurder", "MBW": "medebewoner", "BEW": "bewoner", "KIN": "kind"}
GENDERS: Final[dict[str, Literal["male", "female", "other", "unknown"]]] = {
    "M": "male", "V": "female", "X": "other", "N": "other",
}  # fmt: skip


def people(relations: Iterable[Any], told: Told) -> tuple[Person, ...]:
    """The natural persons among them that have a name or a birth date; of a group (a household) its members."""
    found: list[Person] = []
    for relation in relations:
        for one in mappings(relation):
            members = mappings(one.get("relaties")) if code(one.get("soort")) == _GROUP else [one]
            found.extend(someone for member in members if (someone := person(member, told)))
            if len(found) >= MOST:
                return tuple(found[:MOST])
    return tuple(found)


def person(relation: Object, told: Told) -> Person | None:
    """One person, without role in what happened: nobody has judged. A child is who is under 18 on the day."""
    if code(relation.get("soort")) in NOT_PERSONS:
        return None
    name, birth = full_name(relation), born(relation.get("geboortedatum"), told)
    if name is None and birth.latest is None:
        return None
    roles = [found for role in mappings(relation.get("rollen")) if (found := code(role.get("soort")))]
    child = is_child(birth, told.on) if birth.latest else bool(_CHILD_ROLES.intersection(roles))
    return Person(
        role=PersonRole.CHILD if child else PersonRole.HOUSEHOLD_MEMBER,
        name=name,
        birth_date=birth.day,
        gender=GENDERS.get(code(relation.get("geslacht")) or "", "unknown"),
        relation=next((RELATIONS[role] for role in roles if role in RELATIONS), None),
    )


def reporter(relation: Object, role: str | None) -> Reporter | None:
    """Who noticed, by name and role. Telephone numbers of the tenancy are nobody's safe contact and stay behind."""
    name = full_name(relation)
    return Reporter(name=name, role=role) if name else None


def full_name(relation: Object) -> str | None:
    """As it is written to them, else first name, prefix and surname."""
    if written := short(relation.get("aanschrijfnaam")):
        return written
    first = short(relation.get("voornaam")) or short(relation.get("roepnaam")) or short(relation.get("voorletters"))
    last = short(relation.get("achternaam")) or short(relation.get("geslachtsnaam"))
    parts = (first, short(relation.get("tussenvoegsels")), last) if last else (first,)
    return short(" ".join(part for part in parts if part)) or short(relation.get("naam"))
