"""Who gives which kind of help where on a day, and which area a code of some year stands for today."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from schemas.area import AreaEntry
from schemas.codes import PartnerKind
from schemas.partner import Partner, Serves
from services.router.cel_context import NO_BARS
from services.router.policy import Route

_DAY: Final = timedelta(days=1)
_MERGERS: Final = 8
"""Areas a code may have gone up in, one after the other, before we call it a circle."""


class Directory:
    """Partners and areas, indexed; it never changes."""

    __slots__ = ("_areas", "_serves", "areas", "partners")

    def __init__(self, partners: Iterable[Partner | Route], areas: Iterable[AreaEntry]) -> None:
        self.partners: Final = {partner.id: partner for partner in partners}
        self.areas: Final = tuple(areas)
        self._areas: Final[dict[str, list[AreaEntry]]] = {}
        self._serves: Final[dict[tuple[PartnerKind, str], list[tuple[Serves, str]]]] = {}
        for area in self.areas:
            self._areas.setdefault(area.code, []).append(area)
        for partner in self.partners.values():
            for serves in partner.serves:
                for code in serves.areas:
                    self._serves.setdefault((serves.kind, code), []).append((serves, partner.id))

    def knows(self, code: str) -> bool:
        """Whether there is, was or will be such an area."""
        return code in self._areas

    def area_on(self, code: str | None, country: str, day: date) -> str | None:
        """The code of the area that is there on that day: the one itself, or what it went up in. None: not known."""
        for _ in range(_MERGERS):
            entries = self._areas.get(code or "", [])
            if not entries or entries[0].country != country:
                return None
            if any(entry.valid_on(day) for entry in entries):
                return code
            code = next((entry.successor for entry in entries if entry.successor), None)
        return None

    def turns(self) -> list[date]:
        """A day of each time that some area's entry holds, in order."""
        first = {area.valid_from for area in self.areas if area.valid_from is not None}
        last = {area.valid_until - _DAY for area in self.areas if area.valid_until is not None}
        return sorted(first | last)

    def bars(self, area: str | None, day: date) -> Mapping[PartnerKind, int]:
        """The DASH scores from which kinds of help hear of a case in that area, where it says so itself."""
        entries = self._areas.get(area or "", ())
        return next((entry.dash for entry in entries if entry.valid_on(day)), NO_BARS)

    def partner_for(self, kind: PartnerKind, area: str, day: date) -> str | None:
        """The partner that gives that help there on that day. A checked set of partners has at most one."""
        for serves, partner in self._serves.get((kind, area), ()):
            if serves.on(day):
                return partner
        return None

    def serving(self, kind: PartnerKind, area: str) -> list[tuple[Serves, str]]:
        """Everyone who gives that help there at some time, with when."""
        return self._serves.get((kind, area), [])
