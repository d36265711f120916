"""CORPORATION: a housing corporation or association, and the sources in which its systems tell us things."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from schemas.codes import Answer, Kind, Origin, PartnerKind, Urgency
from schemas.message import Message
from schemas.partner import Identifier, Telephone
from schemas.signal import Account, Area, Slug
from schemas.words import Words, Wrong

Adapter = Literal[
    "vera-signalering",
    "vera-zaak",
    "vera-onderhoudsverzoek",
    "concern",
    "debezium",
    "landlord-event",
    "hact-repair",
]
"""The shapes we read, one adapter a file in `services/ingest/sources/`."""


Hears = Literal["nothing", "received", "in-hand", "closed"]
"""The furthest it is told: that a partner saw it, has it in hand, is done with it. Never what was found or done."""


class Meaning(Message):
    """What one code of a tenant system means to us; what is left out follows from the source's defaults."""

    kind: Kind
    urgency: Urgency | None = None
    origin: Origin | None = None
    acute: Answer | None = None
    structural: Answer | None = None
    children: Answer | None = None


_EITHER: Final = Words(
    "should be ignore, or what it means, like {kind: nuisance}; of a status ignore or withdraw",
    "hoort ignore te zijn, of wat het betekent, zoals {kind: nuisance}; van een status ignore of withdraw",
)
_TWICE: Final = Words(
    "a person stands twice in one list: the next one asked must be somebody else",
    "iemand staat twee keer in één lijst: wie daarna wordt gevraagd, hoort een ander te zijn",
)


def _either(value: Any) -> Any:
    if value not in ("ignore", "withdraw") and not isinstance(value, dict | Meaning):
        raise Wrong(_EITHER)
    return value


Listed = Annotated[
    Annotated[Meaning, Tag("meaning")] | Annotated[Literal["ignore", "withdraw"], Tag("said")],
    Discriminator(lambda value: "said" if isinstance(value, str) else "meaning"),
    BeforeValidator(_either),
]
"""What is said of one code of theirs."""


class Defaults(Message):
    """What holds for every event of a source unless the event or its code says otherwise."""

    urgency: Urgency = Urgency.ROUTINE
    origin: Origin = Origin.STAFF_OBSERVATION
    area: Area | None = Field(default=None, description="When the corporation has dwellings in one area only")
    test: bool = False


class Source(Message):
    """One topic of one tenant system, in one shape."""

    name: Slug
    topic: str = Field(pattern=r"^[A-Za-z0-9._-]{1,200}$")
    adapter: Adapter
    source: str = Field(pattern=r"^(urn|https?):\S+$", description="CloudEvents source of the tenant system")
    codes: dict[str, Listed] = Field(
        default={},
        description="Their code, or code.detailcode, -> ours; `ignore`: no signal; status.X: ignore or withdraw",
    )
    unmapped: Literal["park", "ignore"] = Field(default="park", description="What happens to a code not in `codes`")
    columns: dict[str, str] = Field(
        default={}, description="debezium only: field of ours -> column of theirs (see services/ingest/README.md)"
    )
    tables: tuple[str, ...] = Field(default=(), description="debezium only: the tables that hold signals")
    defaults: Defaults = Defaults()


Asked = Annotated[tuple[Account, ...], Field(min_length=2, max_length=8)]
"""Who is asked, in that order: the next one when the one before lets the time pass."""


class Desk(Message):
    """Who decides on what waits for a person, and who telephones. Pseudonyms such as af-1, never names."""

    asked: Asked
    classes: dict[Urgency, Asked] = Field(default={}, description="For signals of this urgency, somebody else")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for asked in (self.asked, *self.classes.values()):
            if len(set(asked)) != len(asked):
                raise Wrong(_TWICE)
        return self

    def for_(self, urgency: Urgency) -> tuple[Account, ...]:
        """Who is asked about a signal of that urgency, in that order."""
        return self.classes.get(urgency, self.asked)


class Corporation(Message):
    """One corporation of `sources.yaml`."""

    id: Slug
    name: str
    country: Literal["NL", "GB"]
    identifier: Identifier
    telephone: Telephone | None = Field(
        default=None, description="Whom a partner calls with a question, day and night: a desk, never a person"
    )
    outcomes: bool = Field(default=True, description="Whether it is told what became of its signals")
    desk: Desk | None = Field(default=None, description="Its safeguarding leads; without it nobody is asked by name")
    hears: dict[PartnerKind, Hears] = Field(
        default={}, description="How far it is told of what a kind of partner does; see services/notify/README.md"
    )
    sources: tuple[Source, ...]


class Sources(Message):
    """The file `sources.yaml`."""

    corporations: tuple[Corporation, ...]
