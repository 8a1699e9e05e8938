"""How a local server gets its port."""

import socket
from typing import Final

HERE: Final = "127.0.0.1"
BACKLOG: Final = 2048


def listen_here() -> socket.socket:
    """Listen on a free port of this machine, for this machine alone.

    The protocol is named, or asyncio would leave Nagle's algorithm on, and each answer would wait for
    the client's delayed acknowledgement.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.bind((HERE, 0))
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener
