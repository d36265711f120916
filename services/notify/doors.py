"""DOORS: the one way to each partner that has a server, shared by whatever sends to it or asks it something."""

from collections.abc import Callable, Iterable, Mapping

from yarl import URL

from schemas.partner import InboxChannel, Partner
from schemas.words import Words
from services.notify.http import USUAL, Limits, PartnerHttp
from services.notify.secrets import Secrets
from services.runtime.errors import Refused
from services.runtime.yaml_file import together

Doors = Mapping[str, PartnerHttp]
"""By partner."""

OpenHttp = Callable[[Partner, URL, Limits, Secrets], PartnerHttp]
"""Makes what requests go through."""


def doors(partners: Iterable[Partner], secrets: Secrets, limits: Limits = USUAL, http: OpenHttp = PartnerHttp) -> Doors:
    """Nothing is connected yet. `http` makes the requests: a check listens in on them.

    Raises:
        Refused: when entries cannot be used, with a line for each partner.
    """
    opened: dict[str, PartnerHttp] = {}
    faults: list[Words] = []
    for partner in partners:
        if isinstance(partner.channel, InboxChannel):
            continue
        try:
            opened[partner.id] = http(partner, URL(str(partner.channel.url)), limits, secrets)
        except Refused as error:
            faults.append(error.words)
    if faults:
        raise Refused(together(faults))
    return opened
