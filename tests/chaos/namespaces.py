"""NAMESPACES: two networks of a test's own with one wire between them. The kernel removes them with their last user."""

import ctypes
import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import forkserver
from typing import Final

from tests.chaos.wire import Wire

HERE: Final = "198.51.100.1"
THERE: Final = "198.51.100.2"
"""Addresses for documentation (RFC 5737): they lead nowhere but through the wire."""

_OWN: Final = "/proc/thread-self/ns/net"
_NEWNET: Final = 0x40000000  # CLONE_NEWNET, linux/sched.h
_TUNSETIFF: Final = 0x400454CA  # linux/if_tun.h
_TUN_NO_PI: Final = 0x0001 | 0x1000
_LIBC: Final = ctypes.CDLL(None, use_errno=True)

NEEDED: Final = (
    "network faults need networks of their own: run the tests as root on Linux with iproute2 and /dev/net/tun "
    "(`sudo make test`, or a container with --cap-add SYS_ADMIN --cap-add NET_ADMIN --device /dev/net/tun)"
)


@contextmanager
def networks(seed: int) -> Iterator[tuple[Wire, str]]:
    """This thread is in one of them until the end of the block; the path leads another process into the other one.

    Raises:
        RuntimeError: when they cannot be made, with what to do.
    """
    forkserver.ensure_running()  # begun in one of them, it would leave all later programs without a network
    with ExitStack() as opened:
        try:
            home = _open(opened, _OWN)
            opened.callback(_enter, home)
            far = _network(opened, THERE)
            there = _open(opened, _OWN)
            near = _network(opened, HERE)
        except (OSError, subprocess.CalledProcessError) as error:
            raise RuntimeError(f"{NEEDED}: {error}") from None
        wire = Wire(near, far, seed)
        wire.start()
        opened.callback(wire.stop)
        yield wire, f"/proc/{os.getpid()}/fd/{there}"


def enter(path: str) -> None:
    """This process lives there from now on. Call it before anything is opened."""
    network = os.open(path, os.O_RDONLY)
    _enter(network)
    os.close(network)


def _network(opened: ExitStack, address: str) -> int:
    """A new one for this thread, with its end of the wire."""
    _checked(_LIBC.unshare(_NEWNET))
    end = os.open("/dev/net/tun", os.O_RDWR)
    opened.callback(os.close, end)
    fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH", b"wire", _TUN_NO_PI))
    for command in ("link set lo up", f"address add {address}/30 dev wire", "link set wire up"):
        subprocess.run([_ip(), *command.split()], check=True)
    return end


def _ip() -> str:
    found = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise FileNotFoundError("there is no program `ip`")
    return found


def _open(opened: ExitStack, path: str) -> int:
    network = os.open(path, os.O_RDONLY)
    opened.callback(os.close, network)
    return network


def _enter(network: int) -> None:
    _checked(_LIBC.setns(network, _NEWNET))


def _checked(answer: int) -> None:
    if answer:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
