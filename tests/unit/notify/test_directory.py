"""What a partner's entry promises and cannot happen is refused at the start."""

import pytest

from schemas.feedback import Feedback, PollingFeedback, SubscriptionFeedback, TaskFeedback
from schemas.partner import Access
from services.notify.directory import Directory, heard_from
from services.runtime.errors import Refused
from tests.unit.notify import samples

HERE = "https://seinpaal.example/"
HOOK = samples.partner("haak", secret="env:X")  # noqa: S106  where it would be
TOKEN = Access(tokens=("env:X",))
POLLING, SUBSCRIPTION = PollingFeedback(type="polling"), SubscriptionFeedback(type="subscription")


@pytest.mark.parametrize("feedback", [POLLING, SUBSCRIPTION])
def test_a_partner_without_a_fhir_server_cannot_be_asked(feedback: Feedback) -> None:
    """The text names every such partner, and what to write instead."""
    asked = [HOOK.model_copy(update={"id": name, "feedback": feedback}) for name in ("een", "twee")]
    with pytest.raises(Refused, match=rf"een: feedback `{feedback.type}`.*webhook.*task(?s:.*)twee: feedback"):
        heard_from(Directory(asked, []), HERE)


@pytest.mark.parametrize(
    ("reception", "access", "told"), [(None, TOKEN, "NOTIFY_PUBLIC_URL"), (HERE, Access(), "access.tokens")]
)
def test_a_partner_that_notifies_us_must_reach_us(reception: str | None, access: Access, told: str) -> None:
    """There is an address, and a token to know it by."""
    partner = samples.partner(feedback=SUBSCRIPTION, access=access)
    with pytest.raises(Refused, match=f"partner {samples.PARTNER} notifies us: .*{told}"):
        heard_from(Directory([partner], []), reception)


@pytest.mark.parametrize("feedback", [None, TaskFeedback(type="task"), POLLING, SUBSCRIPTION])
def test_a_partner_that_can_be_heard_is_taken(feedback: Feedback | None) -> None:
    """As its entry says."""
    directory = Directory([samples.partner(feedback=feedback, access=TOKEN)], [])
    assert heard_from(directory, HERE) is directory


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kadera", "no partner 'kadera' in partners.yaml. Did you mean kadera-voorbeeld?"),
        ("KADERA", "no partner 'KADERA' in partners.yaml. Did you mean kadera-voorbeeld?"),
        ("1234", "no partner '1234' in partners.yaml: `seinpaal partner status` lists them"),
    ],
)
def test_a_partner_that_is_misspelt_is_told_which_was_meant(typed: str, said: str) -> None:
    """Every command that takes a partner says so; one that is like none leads to the list."""
    with pytest.raises(Refused) as refused:
        Directory([samples.partner("kadera-voorbeeld"), samples.partner("opvang")], []).known(typed, "en")
    assert str(refused.value) == said
