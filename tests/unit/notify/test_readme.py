"""The README says what the code does, where a reader would rely on it."""

from pathlib import Path

import pytest

import services.notify
from services.notify.retry import LADDER_SECONDS
from services.notify.settings import NotifySettings

README = (Path(services.notify.__file__).parent / "README.md").read_text()


@pytest.mark.parametrize("field", NotifySettings.model_fields)
def test_every_setting_is_in_the_readme(field: str) -> None:
    """By the name of its variable."""
    assert f"`NOTIFY_{field.upper()}`" in README


def test_the_waits_in_the_readme_are_the_ladder() -> None:
    """What partners plan with."""
    told = "5 s, 30 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and every 24 h"
    assert told in README
    assert LADDER_SECONDS[1:] == (5, 30, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
