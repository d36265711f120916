"""DIRECTORY: the partners we can reach and the corporations we answer to, as configured."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from schemas.codes import Urgency
from schemas.corporation import Corporation, Sources
from schemas.feedback import PollingFeedback, SubscriptionFeedback, TaskFeedback
from schemas.partner import Answers, FhirChannel, Partner, Partners
from schemas.words import Language, filled
from services.notify.delivery_words import MEANT_PARTNER, NO_PARTNER
from services.runtime.errors import Refused
from services.runtime.yaml_file import load_yaml

NO_TIME: Final = Answers()

ALIKE: Final = 0.5
"""How much of an id must be there: `kadera` is meant for `kadera-voorbeeld`."""


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

    def answers(self, partner: str) -> Answers:
        """Within how much time it is to tell how far it is; no time for one that is not known here."""
        known = self.partners.get(partner)
        return NO_TIME if known is None else known.answers

    def known(self, partner: str, language: Language) -> Partner:
        """That partner, for whoever typed its id. Raises Refused when there is none, with the one that was meant."""
        if partner not in self.partners:
            meant = self.meant(partner)
            raise Refused(filled(MEANT_PARTNER if meant else NO_PARTNER, repr(partner), meant).in_(language))
        return self.partners[partner]

    def meant(self, partner: str) -> str | None:
        """The partner whose id is most like what was typed; None where none is like it."""
        return next(iter(get_close_matches(partner.lower(), self.partners, n=1, cutoff=ALIKE)), None)

    def asked(self, corporation: str, urgency: Urgency) -> tuple[str, ...]:
        """Who is asked about what waits for a person, in that order; nobody, when no one is named."""
        known = self.corporations.get(corporation)
        return known.desk.for_(urgency) if known is not None and known.desk is not None else ()


def heard_from(directory: Directory, reception: str | None) -> Directory:
    """Itself, when what every partner has to say reaches us. `reception` is where partners reach us, if they can.

    Raises:
        Refused: an entry promises what cannot happen, with a line for each partner.
    """
    faults = [fault for partner in directory.partners.values() if (fault := _unheard(partner, reception))]
    if faults:
        raise Refused("\n".join(faults))
    return directory


def shut_out(directory: Directory) -> list[str]:
    """Who would reach us where nobody listens. An inbox can still be opened at our own desk, so that is no fault."""
    return [partner.id for partner in directory.partners.values() if partner.access.tokens]


def _unheard(partner: Partner, reception: str | None) -> str | None:
    match partner.feedback:
        case None | TaskFeedback():
            return None
        case _ if not isinstance(partner.channel, FhirChannel):
            return (
                f"partner {partner.id}: feedback `{partner.feedback.type}` asks a FHIR server, and its channel is "
                f"`{partner.channel.type}`. Write `feedback: {{type: task}}` and let them report to us, or leave it out"
            )
        case PollingFeedback():
            return None
        case SubscriptionFeedback():
            return _unnotified(partner, reception)


def _unnotified(partner: Partner, reception: str | None) -> str | None:
    if reception is None:
        return f"partner {partner.id} notifies us: set NOTIFY_LISTEN, and NOTIFY_PUBLIC_URL to that address"
    if not partner.access.tokens:
        return f"partner {partner.id} notifies us: give it a token in access.tokens"
    return None


def read_directory(folder: Path) -> Directory:
    """From `partners.yaml` and `sources.yaml`. Raises Refused with every fault and its line."""
    partners = load_yaml(folder / "partners.yaml", Partners)
    sources = load_yaml(folder / "sources.yaml", Sources)
    return Directory(partners.partners, sources.corporations)
