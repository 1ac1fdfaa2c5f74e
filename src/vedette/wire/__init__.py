"""Bytes in, events out: multipart, JPEG markers, HTTP details.

Nothing here opens a socket, starts a thread, reads a clock or knows a loop. Everything is bounded: whatever a peer
sends, memory stays below the limits named at the top of each file, and the only exceptions are the named ones.
"""
