"""What the router's tests ask for by name."""

from pathlib import Path

import pytest

from tests.unit.router.policy import Policy


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """A folder whose rules, areas and partners are well."""
    return Policy(tmp_path / "config")
