"""The settings with which every other command, or a service of its own, looks at a running sandbox."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from services.sandbox.databases import Databases
from services.sandbox.state import State
from services.sandbox.whole_file import write_whole


def environment(state: State, bootstrap: str, databases: Databases, parking: str) -> dict[str, str]:
    """By variable. `parking` is the public key to park under."""
    config = str(state.config.absolute())
    return {
        "KAFKA_BOOTSTRAP": bootstrap,
        "INGEST_CONFIG": config,
        "ROUTER_CONFIG": config,
        "NOTIFY_CONFIG": config,
        "ROUTER_DATABASE_URL": databases.router,
        "NOTIFY_DATABASE_URL": databases.notify,
        "AUDIT_DATABASE_URL": databases.audit,
        "KEYRING_DATABASE_URL": databases.keyring,
        "KEYRING_KEK_FILE": str(state.keks.absolute()),
        "ROUTER_PARKING_KEY": parking,
        "AUDIT_PARKING_KEY": parking,
    }


def write_environment(path: Path, variables: Mapping[str, str]) -> None:
    """As a file that a shell reads: `. .state/environment`. It finds `seinpaal` from then on too."""
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()]
    lines.append(f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"\n')
    write_whole(path, "".join(lines))
