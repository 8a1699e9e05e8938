"""The redirect: real clients, real sockets, the loopback alone."""
