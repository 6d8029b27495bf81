"""Free ports of this machine's loopback address."""

import errno
import socket

from . import ui


def is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def choose(preferred, tries=50):
    """The preferred port, or the next one that nobody uses."""
    for port in range(preferred, preferred + tries):
        if is_free(port):
            return port
    last = preferred + tries - 1
    raise ui.Stop(f"no free port from {preferred} to {last}; choose one: PORT=number")


def any_free():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
