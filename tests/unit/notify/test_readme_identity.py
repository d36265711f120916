"""What the README tells care partners about who we are and who they must be is what the code does."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from schemas.partner import Partner
from services.notify.classify import webhook
from services.notify.outcome import Refused, TryLater
from services.notify.reply import NotSent
from tests.unit.notify import samples

TEXT = (Path(__file__).parents[3] / "services/notify/README.md").read_text()
PART = TEXT.partition("### How we prove who we are")[2].partition("\n### ")[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PART, re.DOTALL)
ROWS = [
    (code, row[2])
    for line in PART.splitlines()
    if line.startswith("| `") and (row := line.split("|")) and "any other" not in row[1]
    for code in re.findall(r"`([a-z0-9-]+)`", row[1])
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_an_entry(example: str) -> None:
    """As it stands, in `partners.yaml`."""
    given: dict[str, Any] = yaml.safe_load(example)
    entry = samples.partner().model_dump(mode="json") | given
    assert Partner.model_validate_json(orjson.dumps(entry))


@pytest.mark.parametrize(("code", "promise"), ROWS)
def test_what_a_code_leads_to_is_as_the_table_says(code: str, promise: str) -> None:
    """A person, or later; under `token-` the same."""
    expected = Refused(code) if "a person looks" in promise else TryLater(code)
    assert webhook(NotSent(code), samples.AT) == expected
    if not code.startswith("token-"):
        there = f"token-{code}"
        assert webhook(NotSent(there), samples.AT) == type(expected)(there)


def test_the_tables_and_examples_were_found() -> None:
    """A reworded README must not empty the tests above."""
    assert (len(EXAMPLES), len(ROWS)) == (4, 22)
