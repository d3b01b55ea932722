"""What a process holds, and what is set in it for all its code: plain data, for comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import msgspec

UNREAD = "what waits to be read from the terminal"
"""The name of the setting that says how much of what was typed is not read yet."""

ResourceKind = Literal["socket", "descriptor", "thread", "process", "temporary file"]


class Resource(msgspec.Struct, frozen=True):
    """One thing that a process holds.

    Parameters:
        kind: What it is; ``descriptor`` is an open file, a pipe or a device, but no socket.
        name: Who made it, where that can be known: a socket's class and peer, a thread's name and
            target, a process's command, the path of a file.
    """

    kind: ResourceKind
    name: str


class ProcessState(msgspec.Struct, frozen=True):
    """What a process holds, and what is set in it, at one moment.

    Parameters:
        resources: What it holds; ``None`` if that was not looked at.
        settings: What is set for all code of the process, by its name. Values of environment
            variables are not told: they are numbers that differ where the values differ.
        left: The threads that were started since a run began and go on, at a moment at which no
            session is open; ``None`` if that was not looked at.
    """

    resources: tuple[Resource, ...] | None = None
    settings: dict[str, str] = {}
    left: tuple[str, ...] | None = None

    def more(self, later: ProcessState) -> tuple[tuple[ResourceKind, int, tuple[str, ...]], ...]:
        """The kinds of which ``later`` has more: how many, and the names that are new."""
        found: list[tuple[ResourceKind, int, tuple[str, ...]]] = []
        there, here = later.resources or (), self.resources or ()
        kinds: Counter[ResourceKind] = Counter(each.kind for each in there)
        kinds.subtract(each.kind for each in here)
        new = Counter(there) - Counter(here)
        for kind, number in kinds.items():
            if number > 0:
                names = [each.name for each in new.elements() if each.kind == kind]
                found.append((kind, number, _counted(names)))
        return tuple(found)

    def changed(self, later: ProcessState) -> dict[str, tuple[str | None, str | None]]:
        """The settings that are others in ``later``: what they were, and what they are."""
        names = dict.fromkeys([*self.settings, *later.settings])
        pairs = {name: (self.settings.get(name), later.settings.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


MOST_NAMES = 3
"""Names of one kind that are told."""


def _counted(names: Sequence[str]) -> tuple[str, ...]:
    counts = Counter(names)
    told = [
        name if number == 1 else f"{number} times {name}"
        for name, number in counts.most_common(MOST_NAMES)
    ]
    further = len(counts) - len(told)
    return (*told, f"{further} further") if further else tuple(told)


class Contact(msgspec.Struct, frozen=True):
    """Whom a step contacted: an address, or a name for which it asked a resolver.

    Parameters:
        host: A name or an address.
        port: ``None`` where only the name was asked for.
    """

    host: str
    port: int | None = None
