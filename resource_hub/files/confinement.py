"""A process takes away its own right to the network, and to more that a reader of files needs not.

Linux only, by system calls through ctypes; nothing here needs to be root. What the kernel does not
know is left out, and ``confine`` says what holds. Run as a program, by its path, it supervises
a long run for ``bounded``; standard library alone, so that it is there in hundredths of a second.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_FILTER_MODE = 2
_LOCAL = 1  # AF_UNIX
_NICE = 10  # pages go before pictures of pages
_BY_SIGNAL, _NO_PROGRAM = 128, 127  # exit codes, as shells have them

# Commands of the kernel's packet filter, in which system calls are judged.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # offsets of what is judged
_FOREIGN = 0x40000000  # numbers from here on are a second table of system calls on x86-64


@dataclass(frozen=True, slots=True)
class _Calls:
    """The numbers that a kind of machine gives to system calls."""

    machine: int
    socket: int
    start: tuple[int, ...]
    others: tuple[int, ...]


_CALLS = {
    # socket; execve, execveat; ptrace, process_vm_readv, process_vm_writev, pidfd_send_signal,
    # io_uring_setup (it opens sockets without the call above), bpf, keyctl, userfaultfd
    "x86_64": _Calls(0xC000003E, 41, (59, 322), (101, 310, 311, 424, 425, 321, 250, 323)),
    "aarch64": _Calls(0xC00000B7, 198, (221, 281), (117, 270, 271, 424, 425, 280, 219, 282)),
}


@dataclass(frozen=True, slots=True)
class Confined:
    """What holds for this process from now on, and for all that it starts.

    Attributes:
        filtered: The kernel refuses to open a socket (but for local ones, where allowed).
        own_network: There is a network of its own, with nobody in it.
    """

    filtered: bool
    own_network: bool


def confine(*, local_sockets: bool, programs: bool) -> Confined:
    """Leave the network for good; call it while there is one thread only.

    Args:
        local_sockets: Whether sockets in the file system may be opened; LibreOffice needs them.
        programs: Whether other programs may be started.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    alone = _leave_network(libc)
    return Confined(_filter(libc, local_sockets=local_sockets, programs=programs), alone)


def die_first() -> None:
    """When the machine runs out of memory, the kernel shall end this process before others."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _leave_network(libc: ctypes.CDLL) -> bool:
    if libc.unshare(_NEW_NETWORK) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False  # in most containers
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    return True


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _filter(libc: ctypes.CDLL, *, local_sockets: bool, programs: bool) -> bool:
    calls = _CALLS.get(platform.machine())
    if calls is None:
        return False
    steps = _steps(calls, local_sockets=local_sockets, programs=programs)
    program = _Program(len(steps), b"".join(steps))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program)) == 0)


def _steps(calls: _Calls, *, local_sockets: bool, programs: bool) -> list[bytes]:
    refused = calls.others + (() if programs else calls.start)
    if not local_sockets:
        refused += (calls.socket,)
    # After these: [socket of which family?,] allow, refuse.
    tail = [_step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE)]
    if local_sockets:
        tail = [
            _step(_EQUAL, calls.socket, no=2),
            _step(_LOAD, _FIRST_ARGUMENT),
            _step(_EQUAL, _LOCAL, no=1),
            *tail,
        ]
    judged = [_step(_LOAD, _MACHINE), _step(_EQUAL, calls.machine, yes=1), tail[-1]]
    judged += [_step(_LOAD, _NUMBER)]
    rest = len(refused)
    judged += [_step(_AT_LEAST, _FOREIGN, yes=rest + len(tail) - 1)]
    for done, number in enumerate(refused, start=1):
        judged += [_step(_EQUAL, number, yes=rest - done + len(tail) - 1)]
    return judged + tail


def _step(command: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", command, yes, no, value)


def supervise() -> int:
    """Limit a program, wait for it, and end with the hub; returns its exit code as a shell does.

    Arguments: seconds of work, bytes of memory, bytes of one file, then the command. Standard input
    is a pipe that the hub holds open: when it closes, the hub is gone, and so is the whole group.
    """
    seconds, memory, file_bytes = (int(argument) for argument in sys.argv[1:4])
    command = sys.argv[4:]
    die_first()
    os.nice(_NICE)
    os.umask(0o077)
    confine(local_sockets=True, programs=True)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    child = os.fork()
    if child == 0:
        _become(command)
    threading.Thread(target=_end_with_the_hub, daemon=True).start()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else _BY_SIGNAL - code


def _become(command: list[str]) -> None:
    """Turn into ``command``, whose standard input is empty; does not return."""
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execvp(command[0], command)  # noqa: S606 - what the hub asked for, without a shell
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(_NO_PROGRAM)


def _end_with_the_hub() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(supervise())
