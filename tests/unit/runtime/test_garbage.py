"""When the garbage collector looks."""

import gc
from collections.abc import Iterator

import pytest

from services import cli
from services.runtime.garbage import COLLECT_AFTER, settle


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    """As it was, afterwards."""
    before = gc.get_threshold()
    gc.set_threshold(700)
    yield
    gc.set_threshold(*before)


def test_it_seldom_looks_while_a_command_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service's start would take a third more CPU."""
    found: list[int] = []

    def load(_name: str) -> object:
        found.append(gc.get_threshold()[0])
        raise ImportError

    monkeypatch.setattr(cli, "import_module", load)
    with pytest.raises(ImportError):
        cli.main(["held", "list"])
    assert found == [COLLECT_AFTER]


def test_what_lives_when_work_begins_is_not_walked_again() -> None:
    """And what work makes is looked through as seldom."""
    new: list[list[int]] = [[] for _ in range(1000)]
    before = gc.get_freeze_count()
    settle()
    assert gc.get_freeze_count() >= before + len(new)
    assert gc.get_threshold()[0] == COLLECT_AFTER
