"""DIRECTORY: the partners we can reach and the corporations we answer to, as configured."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from schemas.codes import PartnerKind, Urgency
from schemas.corporation import Corporation, Sources
from schemas.partner import Partner, Partners, TaskFeedback
from services.runtime.errors import Refused
from services.runtime.yaml_file import load_yaml


class Directory:
    """Partners and corporations by id; it never changes."""

    __slots__ = ("corporations", "partners")

    def __init__(self, partners: Iterable[Partner], corporations: Iterable[Corporation]) -> None:
        self.partners: Final = {partner.id: partner for partner in partners}
        self.corporations: Final = {corporation.id: corporation for corporation in corporations}

    def tells(self, corporation: str) -> bool:
        """Whether it wants to hear what became of its signals."""
        known = self.corporations.get(corporation)
        return known is not None and known.outcomes

    def asked(self, corporation: str, urgency: Urgency) -> tuple[str, ...]:
        """Who is asked about what waits for a person, in that order; nobody, when no one is named."""
        known = self.corporations.get(corporation)
        return known.desk.for_(urgency) if known is not None and known.desk is not None else ()

    def kind_of(self, partner: str, area: str | None, day: date) -> PartnerKind | None:
        """The help it gives there on that day; the first one it names, when the area is not known."""
        serves = self.partners[partner].serves
        there = self.partners[partner].kinds_on(area, day) if area else ()
        return next(iter(there or (part.kind for part in serves)), None)


def heard_from(directory: Directory) -> Directory:
    """Itself, when every partner's feedback is of a kind that reaches us.

    Raises:
        Refused: one is to be asked, and nobody here asks yet: its entry would promise what does not happen.
    """
    for partner in directory.partners.values():
        if partner.feedback is not None and not isinstance(partner.feedback, TaskFeedback):
            raise Refused(
                f"partner {partner.id}: feedback `{partner.feedback.type}` is not there yet. "
                "Write `feedback: {type: task}` and let them report to us, or leave it out"
            )
    return directory


def read_directory(folder: Path) -> Directory:
    """From `partners.yaml` and `sources.yaml`. Raises Refused with every fault and its line."""
    partners = load_yaml(folder / "partners.yaml", Partners)
    sources = load_yaml(folder / "sources.yaml", Sources)
    return Directory(partners.partners, sources.corporations)
