"""Lead the names of the real hosts to a local server, inside this process or in one that it starts.

Knows sockets and TLS; knows no twin, no pytest and nothing of what is asked or answered.
"""
