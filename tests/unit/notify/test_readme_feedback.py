"""What the README tells care partners about being asked, and about notifying us, is what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
import yaml

from schemas.feedback import SubscriptionFeedback
from schemas.partner import Partner
from services.notify.fhir_client import ELEMENTS
from services.notify.polling import BATCH
from services.notify.subscription import KINDS, PATH, RENEWED, wanted
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

TEXT = (Path(__file__).parents[3] / "services/notify/README.md").read_text()
PART = TEXT.partition("### Or let us ask")[2].partition("\nWhat the corporation hears")[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PART, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_an_entry(example: str) -> None:
    """As it stands, in `partners.yaml`."""
    entry = samples.partner().model_dump(mode="json") | yaml.safe_load(example)
    assert Partner.model_validate_json(orjson.dumps(entry)).feedback is not None


def test_the_question_is_the_one_that_is_asked() -> None:
    """Its elements, and how many referrals it is about."""
    assert f"`_elements={ELEMENTS}`" in PART
    assert f"at most {BATCH} of our referrals" in PART


def test_the_subscription_is_as_the_page_says() -> None:
    """Where it leads, its filter, its kinds of notification, how often it is renewed."""
    made = wanted(SubscriptionFeedback(type="subscription", topic="https://partner.example/t"), "", "", AT, None)
    assert f"`$SEINPAAL/{PATH}`" in PART
    assert f"`{made['_criteria']['extension'][0]['valueString']}`" in PART
    assert f"`{made['channel']['_payload']['extension'][0]['valueCode']}`" in PART
    assert all(f"`{kind}`" in PART for kind in KINDS)
    assert timedelta(days=1) == RENEWED


def test_the_examples_were_found() -> None:
    """A reworded README must not empty the tests above."""
    assert len(EXAMPLES) == 2
