"""The set in force: how another one takes its place, and how a bad one does not."""

from pathlib import Path

import pytest

from services.router.rules import Rules
from services.runtime.errors import Refused
from tests.unit.router.policy import Policy
from tests.unit.router.samples import NOW


def rules(folder: Path) -> Rules:
    """Those of the folder."""
    return Rules(folder, lambda: NOW)


def test_a_good_change_takes_over(policy: Policy) -> None:
    """The set as a whole: whoever holds the old one keeps it to the end of its batch."""
    held = rules(policy.write())
    before = held.current
    policy.spoil("rules/nl.yaml", "effect: refer", "effect: hold").write()
    assert held.changed()
    assert held.reload()
    assert held.current is not before
    assert held.current.version != before.version
    assert not held.changed()


@pytest.mark.parametrize("bad", ["about_violens", "", "kind"])
def test_a_bad_change_leaves_the_old_set_in_force_and_says_so(policy: Policy, bad: str) -> None:
    """With the same sentences the check tells; looked at once, not again and again."""
    held = rules(policy.write())
    before = held.current
    policy.spoil("rules/nl.yaml", "by_a_person && about_violence", bad or '""').write()
    assert not held.reload()
    assert held.current is before
    assert held.refused is not None
    assert "rules/nl.yaml:7: " in held.refused
    assert not held.changed()


def test_a_corrected_change_clears_the_complaint(policy: Policy) -> None:
    """And takes over."""
    held = rules(policy.write())
    policy.spoil("rules/nl.yaml", "about_violence", "about_violens").write()
    assert not held.reload()
    policy.write()
    assert held.reload()
    assert held.refused is None


def test_a_file_that_comes_goes_or_vanishes_is_a_change(policy: Policy) -> None:
    """Also while it is being replaced."""
    held = rules(policy.write())
    extra = policy.folder / "rules/empty.yaml"
    extra.write_text("rules: []\n")
    assert held.changed()
    assert held.reload()
    (policy.folder / "partners.yaml").unlink()
    assert held.changed()
    assert not held.reload()


def test_a_router_does_not_begin_with_a_bad_set(policy: Policy) -> None:
    """There is no old one to fall back on: a person must look."""
    with pytest.raises(Refused):
        rules(policy.spoil("rules/nl.yaml", "about_violence", "about_violens").write())
