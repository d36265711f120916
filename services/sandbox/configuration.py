"""The sandbox's configuration: the shipped one, with the placeholders of partners and secrets put right."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).parents[2] / "deploy" / "config"


def localised(config: Path, target: Path, replacements: Mapping[str, str]) -> Path:
    """Copy the folder to `target`, each placeholder replaced; the original stays as it is reviewed."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(config, target)
    for path in target.rglob("*.yaml"):
        text = path.read_text()
        for placeholder, value in replacements.items():
            text = text.replace(placeholder, value)
        path.write_text(text)
    return target
