"""Which language a terminal is spoken to in."""

import pytest

from services.runtime.language import of_locale


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "NL"}, "nl"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "nl_NL.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "nl_BE", "LANG": "C"}, "nl"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_dutch_where_the_locale_says_so(environment: dict[str, str], language: str) -> None:
    """In the order POSIX gives them; what is set to nothing says nothing."""
    assert of_locale(environment) == language
