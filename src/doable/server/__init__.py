"""Runs the application: from the bytes of strangers to calls of it, and back.

    listening    the socket and its port
    workers      this process, or several that share the port
    process      one process: its start, its clock, its stop in order
    connection   one client: bytes to requests, in time and in bounds
    exchange     one request and its response, as ASGI has them
    state        what the connections of a process share

llhttp (through httptools) reads HTTP. Nothing else in Doable does.
"""
