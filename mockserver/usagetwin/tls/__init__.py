"""Certificates: a local authority, what it vouches for, and how programs come to believe it.

Knows files and TLS; knows no server, no command and nothing of what is asked or answered.
"""
