"""What decides does no input or output, draws no lots and asks no clock: every such module, also one that is new."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from tests.unit.house.test_house import ROOT, SOURCES

ACTING: Final = frozenset({"aiohttp", "asyncio", "random", "socket", "sqlalchemy", "subprocess", "threading", "time"})
"""Who imports one of these acts; so does whoever asks our own clock."""

CONTRACTS: Final[list[dict[str, Any]]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
PURE: Final = re.compile(r"\bPure\b")


def contract(name: str) -> dict[str, Any]:
    """The contract whose name begins so."""
    return next(one for one in CONTRACTS if one["name"].startswith(name))


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    """What a file imports, by its whole name and by its first part."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found | {name.partition(".")[0] for name in found}


def deciding() -> list[Path]:
    """Every module that acts in no way today."""
    forbidden = {*contract("whoever")["forbidden_modules"]}
    assert forbidden > ACTING
    return [path for path in SOURCES if not imported(path) & forbidden]


def test_no_module_that_decides_today_may_act_tomorrow(tmp_path: Path) -> None:
    """In a copy each of them, whatever it is called, imports asyncio and sqlalchemy: the contracts name every one."""
    for top in ("schemas", "services"):
        shutil.copytree(ROOT / top, tmp_path / top, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    expected = set()
    for path in deciding():
        copy = tmp_path / path.relative_to(ROOT)
        copy.write_text(f"{copy.read_text()}\nimport asyncio\nimport sqlalchemy\n")
        expected |= {(module_of(path), "asyncio"), (module_of(path), "sqlalchemy")}
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    told = {*re.findall(r"^- *(\S+) -> (\S+) \(l\.", done.stdout, re.MULTILINE)}
    assert len(expected) > len(SOURCES)
    assert sorted(expected - told) == []
    assert done.returncode == 1


def test_what_says_that_it_is_pure_reaches_nothing_that_acts() -> None:
    """Not through others either: it stands under the contract that looks at those too."""
    held = {*contract("what decides")["source_modules"]}
    for path in SOURCES:
        if PURE.search(ast.get_docstring(ast.parse(path.read_text())) or ""):
            module = module_of(path)
            assert any(module == name or module.startswith(f"{name}.") for name in held), module
