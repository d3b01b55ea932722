"""The name by which a fresh interpreter may find what a test module gives as an object."""

from __future__ import annotations

import inspect
import sys
from operator import attrgetter


def import_name(subject: object) -> str | None:
    """``module:attribute`` of a function, a class, or a class method; ``None`` without such a name.

    A lambda, what is defined within a function, an instance, and what stands in ``__main__`` have
    none; nor has what the module knows by that name as another object.

    Parameters:
        subject: What can be called, or has a ``connect``.
    """
    owner = getattr(subject, "__self__", None)
    home = owner if inspect.isclass(owner) else subject
    module = getattr(home, "__module__", None)
    name = getattr(home, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or module == "__main__":
        return None
    if home is owner:
        name = f"{name}.{getattr(subject, '__name__', '')}"
    try:
        found = attrgetter(name)(sys.modules[module])
    except (KeyError, AttributeError):
        return None
    # Each look at a class method makes another object, equal to the one before.
    same = found == subject if inspect.ismethod(subject) else found is subject
    return f"{module}:{name}" if same else None
