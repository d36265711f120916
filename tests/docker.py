"""Whether a Docker engine answers."""

import subprocess


def docker_answers() -> bool:
    """Asked before testcontainers is: without an engine its client leaks a socket, and that warning fails the test."""
    try:
        asked = subprocess.run(["docker", "info"], capture_output=True, timeout=5, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
