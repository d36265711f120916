"""Every hop hears what a person sets aside; only the log passes over nothing."""

import ast
from pathlib import Path


def test_every_stage_but_audit_hears_what_a_person_sets_aside() -> None:
    """A stage that is wired without it would wait for ever, whatever people say."""
    hears: dict[str, list[bool]] = {}
    for service in Path("services").glob("*/*.py"):
        for node in ast.walk(ast.parse(service.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Hop":
                heard = "asked" in {each.arg for each in node.keywords}
                hears.setdefault(service.parent.name, []).append(heard)
    assert hears == {"ingest": [True], "router": [True], "notify": [True], "audit": [False]}
