"""Secrets by reference."""

import os
from pathlib import Path

import pytest

from services.notify.secrets import LONGEST, Secrets
from services.runtime.errors import Refused


def test_a_secret_is_read_from_where_it_is(tmp_path: Path) -> None:
    """From a variable, a file or the directory of mounted ones, without the line end that an editor leaves."""
    (tmp_path / "hook").write_text("geheim\n")
    secrets = Secrets(tmp_path, {"HOOK": " geheim "})
    references = ("env:HOOK", f"file:{tmp_path}/hook", "mounted:hook")
    assert [secrets.read(reference) for reference in references] == ["geheim"] * 3


def test_the_mark_that_windows_puts_before_utf_8_is_no_part_of_a_secret(tmp_path: Path) -> None:
    """Nobody sees it, and the partner would refuse what is otherwise right."""
    (tmp_path / "client").write_bytes("\ufeffgeheim\r\n".encode())
    assert Secrets(tmp_path).read("mounted:client") == "geheim"


@pytest.mark.parametrize("reference", ["env:AWAY", "env:EMPTY", "file:/nowhere/hook", "mounted:hook"])
def test_a_secret_that_is_missing_is_named_by_its_place(reference: str) -> None:
    """At start, so that nobody waits for the first referral to find out."""
    with pytest.raises(Refused, match=reference):
        Secrets(None, {"EMPTY": " "}).read(reference)


def test_a_secret_in_the_configuration_is_refused_and_not_repeated() -> None:
    """It would stand in a repository and in this very error."""
    with pytest.raises(Refused) as caught:
        Secrets(None, {}).read("whsec_dGVzdA==")
    assert "dGVzdA" not in str(caught.value)


def test_a_secret_in_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """It is read beside all deliveries, again when it is changed: who waited for a writer would send nothing more."""
    os.mkfifo(tmp_path / "hook")
    with pytest.raises(Refused, match="it is a pipe, a socket or a device"):
        Secrets(tmp_path, {}).read("mounted:hook")


@pytest.mark.parametrize(("size", "told"), [(LONGEST, None), (LONGEST + 1, "longer than")])
def test_a_secret_is_as_long_as_a_chain_may_be(tmp_path: Path, size: int, told: str | None) -> None:
    """Counted in bytes, before it is looked at; line ends of Windows are line ends."""
    (tmp_path / "hook").write_bytes(b"a\r\nb" + b"x" * (size - 4))
    if told is None:
        assert Secrets(tmp_path, {}).read("mounted:hook").startswith("a\nbx")
    else:
        with pytest.raises(Refused, match=told):
            Secrets(tmp_path, {}).read("mounted:hook")
