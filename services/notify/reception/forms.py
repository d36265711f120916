"""FORMS: in which form a partner wants to have what it comes for, by its Accept header (RFC 9110, section 12.5.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from services.notify.channels.gate import packed
from services.notify.channels.webhook_body import body
from services.notify.fhir.collection import build_collection
from services.notify.fhir.validate import Gate
from services.notify.letter import Letter


@dataclass(frozen=True, slots=True)
class Form:
    """A media type, and what writes a letter in it."""

    media_type: str
    pack: Callable[[Letter], bytes]


class Forms:
    """FHIR, which passed every rule, and the body of a webhook."""

    def __init__(self, gate: Gate, source: str) -> None:
        """`source` is who we are in the latter."""
        self.fhir: Final = Form(
            "application/fhir+json; fhirVersion=4.0", lambda letter: packed(gate, build_collection, letter)
        )
        self.event: Final = Form("application/cloudevents+json", partial(body, source=source))
        self._by_type = {
            "application/fhir+json": self.fhir,
            "application/cloudevents+json": self.event,
            "application/json": self.event,
            "application/*": self.fhir,
            "*/*": self.fhir,
        }

    def wanted(self, accept: str | None) -> Form | None:
        """The first one that is accepted at all, in the order of preference; None when it takes neither."""
        ranges = [_range(part) for part in (accept or "*/*").split(",")]
        for _, name in sorted((each for each in ranges if each[0] > 0), key=lambda each: -each[0]):
            if form := self._by_type.get(name):
                return form
        return None


def _range(part: str) -> tuple[float, str]:
    """Its weight and its name; what has no readable weight weighs 1."""
    name, *parameters = (each.strip().lower() for each in part.split(";"))
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return float(weight), name
    except ValueError:
        return 1.0, name
