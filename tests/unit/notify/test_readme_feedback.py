"""What the README tells care partners about being asked, and about notifying us, is what the code does."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from schemas.partner import Feedback
from services.notify.asking import BATCH
from services.notify.inquiry import ELEMENTS

TEXT = (Path(__file__).parents[3] / "services/notify/README.md").read_text()
PART = TEXT.partition("### Or let us ask")[2].partition("\nWhat the corporation hears")[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PART, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_an_entry(example: str) -> None:
    """As it stands, in `partners.yaml`."""
    feedback: TypeAdapter[Feedback] = TypeAdapter(Feedback)
    assert feedback.validate_python(yaml.safe_load(example)["feedback"], strict=False)


def test_the_question_is_the_one_that_is_asked() -> None:
    """Its elements, and how many referrals it is about."""
    assert f"`_elements={ELEMENTS}`" in PART
    assert f"at most {BATCH} of our referrals" in PART


def test_the_examples_were_found() -> None:
    """A reworded README must not empty the tests above."""
    assert len(EXAMPLES) == 1
