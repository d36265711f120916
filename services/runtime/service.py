"""What `seinpaal run` and `seinpaal up` start, watch and stop: one shape for every service."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Health:
    """`alive` false: restart it. `ready` false: send it nothing yet. `why` is for the operator: no personal data.

    `refused`: it goes on when a person changed what `why` says, and not before.
    """

    alive: bool
    ready: bool
    why: str = ""
    refused: bool = False

    @classmethod
    def of(cls, parts: Iterable["Part"]) -> Self:
        """Of all of them together: as well as the least well, with the reason of each that is not."""
        found = [part.healthy() for part in parts]
        if not found:
            return cls(alive=True, ready=False, why="not started")
        unwell = [each.why for each in found if not (each.alive and each.ready)]
        alive, ready = all(each.alive for each in found), all(each.ready for each in found)
        refused = any(each.refused for each in found)
        return cls(alive, ready, "; ".join(dict.fromkeys(unwell)) or found[0].why, refused)


class Part(Protocol):
    """Whatever runs within a service, and can be asked how it is."""

    def healthy(self) -> Health:
        """By progress, not by a ping: a consumer that is stuck is not alive."""


class Service(Part, Protocol):
    """A part with a life of its own."""

    name: str

    async def start(self) -> None:
        """Return once it works, or raise what is wrong with it."""

    async def stop(self) -> None:
        """Finish what is in hand, commit it, close everything. Safe to call twice, and after a failed start."""
