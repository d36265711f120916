"""Reading VERA's objects: coded values, links, keys and dates in every form its APIs and their makers give them.

Source: VERA 4.3, https://github.com/Aedes-datastandaarden/vera-openapi. Nothing is required there, links are URIs in
domain APIs and embedded objects in chain APIs, and every entity has the same six keys.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from schemas.codes import Urgency
from services.ingest.danger import is_named
from services.ingest.draft import Known, stated
from services.ingest.event import Event, parsed_text
from services.ingest.identity import NO_ID, identity
from services.ingest.values import answer, flag, identifier, mappings, text, whether_any
from services.runtime.errors import Unreadable

Object = Mapping[str, Any]

OURS: Final = "seinpaal."
"""How the names of our own extra attributes begin; `extra-attributen` is VERA's own place for such."""

_NOTHING: Final[Object] = {}
_NO_FACTS: Final = frozenset({"toelichting", "signaalsoort"})
_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)
_REFERENCE: Final = re.compile(r"[A-Za-z0-9._:/-]{1,64}", re.ASCII)


def code(value: Any) -> str | None:
    """The code of a Referentiedata object, of a URI of one, or a plain code; expired codes and numbers too."""
    told = identifier(value.get("code") if isinstance(value, dict) else value)
    found = _CODE.fullmatch(_last_part(told)) if told else None
    return found.group() if found else None


def listed(value: Any) -> str | None:
    """A code to look up in a list of VERA's own, which are in capitals; the name of what has none."""
    found = code(value) or (text(value.get("naam")) if isinstance(value, dict) else None)
    return found.upper() if found else None


def codes(soort: Any, detail_soort: Any) -> tuple[str, ...]:
    """`SOORT.DETAIL` and `SOORT`, most telling first; a detail alone when that is all there is."""
    major, minor = code(soort), code(detail_soort)
    if major and minor:
        return (f"{major}.{minor}", major)
    if major:
        broader = major.partition(".")[0]
        return (major, broader) if broader and broader != major else (major,)
    return (minor,) if minor else ()


def noticed(attributes: Object, soort: Any, detail_soort: Any) -> tuple[tuple[str, ...], ...]:
    """One thing in its codes: the corporation's own, where our extra attribute tells it, before VERA's coarser ones."""
    own, general = code(attributes.get("signaalsoort")), codes(soort, detail_soort)
    together = (own, *general) if own else general
    return (together,) if together else ()


def linked(value: Any) -> str | None:
    """The id that a link points to: a key of the embedded object, the last part of a URI, or a plain id."""
    if value is None:
        return None
    if isinstance(value, dict):
        return identity(value.get("id")) or identity(value.get("idExtern")) or identity(value.get("code"))
    found = identifier(value)
    return identity(_last_part(found)) if found else None


def _last_part(value: str) -> str:
    """Of a URI its last part, without query, fragment or slash behind it; anything else whole: `12/3` is a number."""
    if "://" not in value and not value.startswith("/"):
        return value
    return value.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]


def record(entity: str, payload: dict[str, Any], event: Event) -> tuple[str, str | None]:
    """Which record it is, and its id as the tenant system writes it.

    `id` is unique only within organisation and administration, so the three together are the key. An event without
    an id of its own may carry it as the subject of its CloudEvent.

    Raises:
        Unreadable: when there is none.
    """
    own = linked(payload) or identity(event.attribute("subject"))
    if own is None:
        raise Unreadable("record-id-missing", field="id", fix=f"give the {entity} its VERA id{NO_ID}")
    owner = identity(payload.get("idOrganisatie")) or ""
    administration = identity(payload.get("idAdministratie")) or ""
    return f"{entity}\x1f{owner}\x1f{administration}\x1f{own}", reference(own)


def reference(own: str) -> str | None:
    """The record's id, when it is of a form that may stand in the clear."""
    return own if _REFERENCE.fullmatch(own) else None


def own_attributes(payload: Object) -> Object:
    """Our own extra attributes by name, without the prefix: `seinpaal.acuut` is `acuut`.

    A plain `toelichting` is taken too: tenant systems without such a field put their narrative there.
    """
    listed = payload.get("extra-attributen") or payload.get("extraAttributen") or payload.get("extra_attributen")
    if listed is None:
        return _NOTHING
    found: dict[str, Any] = {}
    for item in mappings(parsed_text(listed)):
        name = (text(item.get("naam")) or "").lower()
        if name.startswith(OURS) or name == "toelichting":
            found[name.removeprefix(OURS)] = item.get("waarde")
    return found


def known(attributes: Object) -> Known:
    """The facts that our own extra attributes state.

    Raises:
        Unreadable: when an urgency is none of ours; a danger must not become routine by a slip of the pen.
    """
    if attributes.keys() <= _NO_FACTS:
        return Known()
    return stated(
        urgency=_urgency(attributes),
        acute=answer(attributes.get("acuut")),
        structural=answer(attributes.get("structureel")),
        children=whether_any(attributes.get("kinderen")),
        pregnant=answer(attributes.get("zwanger")),
        weapon=is_named(attributes.get("wapen")) or None,
        disclosure=flag(attributes.get("onthulling")) or None,
        staff_safety=is_named(attributes.get("bezoekmettwee")) or None,
        test=flag(attributes.get("test")) or None,
    )


def _urgency(attributes: Object) -> Urgency | None:
    said = text(attributes.get("urgentie"))
    try:
        return None if said is None else Urgency(said.lower())
    except ValueError:
        fix = f"one of {', '.join(Urgency)}"
        raise Unreadable("unknown-urgency", field="extra-attributen.seinpaal.urgentie", fix=fix) from None
