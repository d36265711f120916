"""The sandbox's configuration: the shipped one, with the placeholders of partners and secrets put right."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.runtime.errors import Refused

SHIPPED: Final = Path(__file__).parents[2] / "deploy" / "config"


def localised(config: Path, target: Path, replacements: Mapping[str, str]) -> Path:
    """Copy the folder to `target`, each placeholder replaced; the original stays as it is reviewed.

    Raises:
        Refused: when it is no configuration folder.
    """
    if not (config / "sources.yaml").is_file():
        raise Refused(f"{config} holds no sources.yaml: give the folder that does with --config")
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(config, target)
    for path in target.rglob("*.yaml"):
        text = path.read_text()
        for placeholder, value in replacements.items():
            text = text.replace(placeholder, value)
        path.write_text(text)
    return target
