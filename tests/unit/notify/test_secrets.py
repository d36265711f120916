"""Secrets by reference."""

from pathlib import Path

import pytest

from services.notify.secrets import secret
from services.runtime.errors import Refused


def test_a_secret_is_read_from_where_it_is(tmp_path: Path) -> None:
    """From a variable or a file, without the line end that an editor leaves."""
    (tmp_path / "hook").write_text("geheim\n")
    assert secret("env:HOOK", {"HOOK": " geheim "}) == "geheim"
    assert secret(f"file:{tmp_path}/hook") == "geheim"


@pytest.mark.parametrize("reference", ["env:AWAY", "env:EMPTY", "file:/nowhere/hook"])
def test_a_secret_that_is_missing_is_named_by_its_place(reference: str) -> None:
    """At start, so that nobody waits for the first referral to find out."""
    with pytest.raises(Refused, match=reference):
        secret(reference, {"EMPTY": " "})


def test_a_secret_in_the_configuration_is_refused_and_not_repeated() -> None:
    """It would stand in a repository and in this very error."""
    with pytest.raises(Refused) as caught:
        secret("whsec_dGVzdA==", {})
    assert "dGVzdA" not in str(caught.value)
