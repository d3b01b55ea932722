"""Py4J, sans I/O: the Java side of the protocol through which the public client changes a session.

The protocol is open (https://www.py4j.org, BSD licence). Lines go in, reply lines come out:

    gateway.py        tokens, what the conversations share, the way in
    conversation.py   one connection: authentication, lines gathered into commands
    commands.py       one command: call, construct, resolve, release
    values.py         what a value looks like on the wire
    registry.py       the objects that clients hold by id
    objects.py        what those objects are, and how they are called
    containers.py     maps, lists, sets and iterators among them; arrays.py: arrays
    java_values.py    dates and times among them
    entry_point.py    the objects with which a client begins
    api.py            what a client may ask of the session
    conditions.py     which rows it means
    stores.py         what table it wants
    transactions.py   changes that take effect together
    changes.py        which commands ask for a change
"""

from connect_harness.protocols.py4j.changes import changing_call
from connect_harness.protocols.py4j.conversation import Conversation
from connect_harness.protocols.py4j.gateway import Gateway

__all__ = ["Conversation", "Gateway", "changing_call"]
