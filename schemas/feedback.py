"""FEEDBACK: how we hear from a partner what becomes of a referral."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.message import Message
from schemas.progress import Rejection


class TaskFeedback(Message):
    """The partner PUTs or PATCHes our Task."""

    type: Literal["task"]
    codes: dict[str, Rejection] = Field(default={}, description="Their Task.statusReason -> ours, beside our own codes")


class PollingFeedback(Message):
    """We ask for their Task now and then."""

    type: Literal["polling"]
    every_seconds: int = Field(default=300, ge=1)
    codes: dict[str, Rejection] = Field(default={})


class SubscriptionFeedback(Message):
    """A FHIR Subscription at their server sends us an id-only notification, and we read the Task then.

    What a notification did not bring is found by asking all the same, every `every_seconds`.
    """

    type: Literal["subscription"]
    topic: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$",
        description="Canonical of their SubscriptionTopic on Tasks; without it `filter` is R4's own criteria",
    )
    filter: str = Field(
        default="Task?identifier=urn:seinpaal:referral|",
        pattern=r"^Task\?\S+$",
        description="Of which Tasks we are notified: of those we sent, and no others",
    )
    every_seconds: int = Field(default=3600, ge=1)
    days: int = Field(default=7, ge=1, le=90, description="For how long we ask for it; it is renewed in time")
    codes: dict[str, Rejection] = Field(default={})


Feedback = Annotated[TaskFeedback | PollingFeedback | SubscriptionFeedback, Field(discriminator="type")]
