"""The house itself: dependencies point down, files and functions stay small, every test says what it claims."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = sorted(
    path
    for top in ("schemas", "services")
    for path in (ROOT / top).rglob("*.py")
    if path.parent.name != "migrations"  # a migration is a list of columns
)
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 250, 300, 40

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> list[Function]:
    """Every function in a file."""
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, Function)]


def test_dependencies_point_down() -> None:
    """The import contracts of pyproject.toml are kept: stages never import each other, only runtime speaks to Kafka."""
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_file_is_longer_than_a_reader_keeps_in_mind() -> None:
    """250 lines for a source, 300 for tests."""
    long = [path for path in SOURCES if len(path.read_text().splitlines()) > LONGEST_FILE]
    long += [path for path in TESTS if len(path.read_text().splitlines()) > LONGEST_TEST_FILE]
    assert not long


def test_no_function_is_longer_than_a_screen() -> None:
    """40 lines at most below the signature: the options of a command are its help."""
    long = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in SOURCES
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.body[0].lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_states_its_claim(path: Path) -> None:
    """A test without a sentence is a test whose failure nobody understands."""
    mute = [node.name for node in functions(path) if node.name.startswith("test_") and not ast.get_docstring(node)]
    assert not mute
