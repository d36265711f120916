"""The concern form: our own plain JSON for a staff app, as corporation IT writes it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)
from pydantic.alias_generators import to_camel

from schemas.codes import Answer, Certainty, Consent, Origin, PersonRole, Urgency, Violence
from schemas.signal import DASH_QUESTIONS
from services.ingest.danger import is_named
from services.ingest.dates import moment, when
from services.ingest.identity import identity
from services.ingest.sources.withdrawal import withdraws
from services.ingest.values import answer, flag, secret, short, text, whether_any


def _small(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _moment(value: Any, asked: ValidationInfo) -> datetime | None:
    """The context is the country in which the app's clock stands."""
    return moment(value, asked.context)


def _when(value: Any, asked: ValidationInfo) -> date | None:
    return when(value, asked.context)


Small = BeforeValidator(_small)
Id = Annotated[str | None, BeforeValidator(identity)]
Text = Annotated[str | None, BeforeValidator(text)]
Short = Annotated[str | None, BeforeValidator(short)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
When = Annotated[date | None, PlainValidator(_when)]
YesNo = Annotated[Answer | None, BeforeValidator(answer)]
Flag = Annotated[bool, BeforeValidator(flag)]
Danger = Annotated[bool, BeforeValidator(is_named)]
Secret = Annotated[bool, BeforeValidator(secret)]


def _status(value: Any) -> Any:
    """In their words, too."""
    return "withdrawn" if withdraws(value) else "reported" if _small(value) == "gemeld" else _small(value)


_GENDERS = {"m": "male", "man": "male", "v": "female", "f": "female", "vrouw": "female", "x": "other", "o": "unknown"}


def _gender(value: Any) -> Any:
    small = _small(value)
    return "unknown" if small is None else _GENDERS.get(small, small) if isinstance(small, str) else small


class Form(BaseModel):
    """Names in snake_case or camelCase; what we do not know is passed over, what we know must be right."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        alias_generator=AliasGenerator(validation_alias=lambda name: AliasChoices(name, to_camel(name))),
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        """`null` says as little as leaving it out."""
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class ConcernPerson(Form):
    """Somebody in the household. Only a telephone number that is said to be safe is taken."""

    role: Annotated[PersonRole | None, Small] = None
    name: Short = None
    birth_date: Any = None
    gender: Annotated[Literal["male", "female", "other", "unknown"], BeforeValidator(_gender)] = "unknown"
    relation: Short = None
    safe_phone: Short = None


class ConcernAddress(Form):
    """Where it happens. `area_code` is the CBS or GSS code, when the app knows it."""

    lines: tuple[Short, ...] = Field(default=(), max_length=10)
    postcode: Short = None
    city: Short = None
    area_code: Short = None
    area: Short = None
    secret: Secret = False


class ConcernReporter(Form):
    """The colleague who noticed."""

    name: Short = None
    role: Short = None
    phone: Short = None
    email: Short = None


class ConcernContact(Form):
    """How the possible victim may be reached, as they said themselves."""

    allowed: YesNo = None
    channel: Short = None
    value: Short = None
    window: Short = None
    leave_message: YesNo = None
    language: Short = None


class Concern(Form):
    """One concern. Only `id` and `kind` are needed."""

    id: Id = None
    kind: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")
    status: Annotated[Literal["reported", "withdrawn"], BeforeValidator(_status)] = "reported"
    changed_at: When = None
    observed_at: Moment = None
    urgency: Annotated[Urgency | None, Small] = None
    origin: Annotated[Origin | None, Small] = None
    certainty: Annotated[Certainty | None, Small] = None
    acute: YesNo = None
    structural: YesNo = None
    disclosure: Flag = False
    children: Annotated[Answer | None, BeforeValidator(whether_any)] = None
    pregnant: YesNo = None
    weapon: Danger = False
    staff_safety: Danger = False
    violence: tuple[Annotated[Violence, Small], ...] = ()
    consent: Annotated[Consent | None, Small] = None
    informed: YesNo = None
    dash_score: int | None = Field(default=None, ge=0, le=DASH_QUESTIONS)
    professional_judgement: Flag = False
    test: Flag = False
    dwelling: Id = None
    address: ConcernAddress | None = None
    persons: tuple[ConcernPerson, ...] = Field(default=(), max_length=30)
    narrative: Text = None
    reporter: ConcernReporter | None = None
    safe_contact: ConcernContact | None = None
