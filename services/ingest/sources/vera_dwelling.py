"""VERA's units and addresses: which dwelling it is, where it lies, and whether that must stay secret."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from schemas.signal import Address
from services.ingest.draft import NOWHERE, Place
from services.ingest.sources.vera import code, linked, listed
from services.ingest.values import identifier, mapping, secret, short, text

SECRET_UNITS: Final = frozenset({"OPV", "OPVANGCENTRUM"})
"""EENHEIDDETAILSOORT of refuges (blijf-van-mijn-lijfhuizen): the corporation's own property file lists them."""

NOT_SECRET: Final = frozenset({"INT", "OPE", "VER", "INTERN", "OPENBAAR", "VERTROUWELIJK"})
"""VERTROUWELIJKHEID, codes and names; what is none of these is geheim, or may be."""

_SECRET_FLAGS: Final = frozenset({"geheim", "geheimAdres", "indicatieGeheim"})


class Dwelling(NamedTuple):
    """The dwelling at stake. `address` is absent when it was only pointed at, or is secret."""

    id: str | None = None
    address: Address | None = None
    place: Place = NOWHERE
    secret: bool = False


NO_DWELLING: Final = Dwelling()


def dwelling(*links: Any) -> Dwelling:
    """The first link that points at a unit or an address; of an embedded one also where it lies.

    The id is the corporation's own, with nothing before it, so that what several sources say about one unit adds up.
    """
    found = NO_DWELLING
    for link in links:
        if link is None:
            continue
        if isinstance(link, dict):
            found = _embedded(link, found)
        elif found.id is None and (own := linked(link)) is not None:
            found = found._replace(id=own)
    return found._replace(address=None) if found.secret else found


def _embedded(link: Mapping[str, Any], before: Dwelling) -> Dwelling:
    inner = mapping(link.get("adres"))
    address, place = _where(inner or link)
    return Dwelling(
        id=before.id or linked(link) or linked(inner),
        address=before.address or address,
        place=before.place if before.place != NOWHERE else place,
        secret=before.secret or _is_secret(link) or _is_secret(inner),
    )


def _is_secret(link: Mapping[str, Any]) -> bool:
    if listed(link.get("detailSoort")) in SECRET_UNITS or _is_confidential(link.get("vertrouwelijkheid")):
        return True
    return not _SECRET_FLAGS.isdisjoint(link) and any(secret(link.get(name)) for name in _SECRET_FLAGS)


def _is_confidential(mark: Any) -> bool:
    return mark not in (None, "", {}) and listed(mark) not in NOT_SECRET


def _where(link: Mapping[str, Any]) -> tuple[Address | None, Place]:
    """12 and A are 12A; an addition follows after a space."""
    number = f"{identifier(link.get('huisnummer')) or ''}{identifier(link.get('huisletter')) or ''}"
    street = (text(link.get("straatnaam")), number, text(link.get("huisnummerToevoeging")))
    line = short(" ".join(filter(None, street))) or short(link.get("adres"))
    postcode, city = short(link.get("postcode")), _named(link.get("woonplaats"))
    municipality = link.get("gemeente")
    if municipality is None:
        municipality = mapping(link.get("woonplaats")).get("gemeente")
    place = Place(code(municipality), _named(municipality), city, postcode)
    if line is None and postcode is None and city is None:
        return None, place
    return Address(lines=(line,) if line else (), postcode=postcode, city=city), place


def _named(value: Any) -> str | None:
    """The name of an embedded place, or the place as plain text; the URI of one tells no name."""
    if isinstance(value, dict):
        return short(value.get("naam"))
    found = short(value)
    return None if found is None or "://" in found else found
