"""What can go wrong between asking and being answered, in one language for all carriers; `crawler.reach` judges it.

Besides these a carrier raises TimeoutError, ConnectionError and ValueError (an address that nobody can ask).
"""

from __future__ import annotations


class NoSuchNameError(Exception):
    """A host's name does not resolve."""


class NobodyListensError(Exception):
    """A host does not take the connection."""


class NoWayError(Exception):
    """A host could not be connected to, for some other reason."""


class TooLargeError(Exception):
    """An answer announces more than we would ever take."""


class TunnelError(Exception):
    """A proxy would not open a way to a host."""


class NotUnderstoodError(Exception):
    """The quick carrier makes no sense of what a server says; nothing follows from that about the server."""
