"""How a local server gets its port."""

import socket
from typing import Final

HERE: Final = "127.0.0.1"
BACKLOG: Final = 2048


def listen_here(port: int = 0) -> socket.socket:
    """Listen on a port of this machine, by default a free one, for this machine alone.

    The protocol is named, or asyncio would leave Nagle's algorithm on, and each answer would wait for
    the client's delayed acknowledgement.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if port:  # which an earlier run may just have left
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HERE, port))
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener
