"""Names of implementations: where modules are searched, and the name of a given object."""

from __future__ import annotations

import inspect
import os
import sys
from operator import attrgetter
from pathlib import Path

KEPT_OUT = (
    "PYTHONSAFEPATH or -P keeps the working folder out of the search; name the folder in "
    "PYTHONPATH to have it searched"
)

_SAFE = ("PYTHONSAFEPATH", "connect-contract")


def add_working_folder(folder: Path) -> None:
    """Make what lies in ``folder`` importable, after everything else, so that it hides nothing.

    Where Python runs in its safe path mode, nothing is added.
    """
    if not sys.flags.safe_path and str(folder) not in sys.path:
        sys.path.append(str(folder))


def hidden_in(folder: Path, module: str) -> Path | None:
    """The file in ``folder`` that has the name of ``module``, where another one was imported.

    Parameters:
        module: The name of a module that was imported.
    """
    if sys.flags.safe_path:
        return None
    top = module.partition(".")[0]
    imported = getattr(sys.modules.get(top), "__file__", None)
    for path in (folder / f"{top}.py", folder / top / "__init__.py"):
        if path.is_file():
            same = imported is not None and path.samefile(imported)
            return None if same else path
    return None


def safe_start() -> dict[str, str]:
    """Environment variables with which workers start: none finds its modules in the working folder.

    Once they have started, they are given the path of this process.
    """
    name, value = _SAFE
    return {} if os.environ.get(name) else {name: value}


def end_safe_start() -> None:
    """In a worker that has started: what it runs sees the environment as it was before."""
    name, value = _SAFE
    if os.environ.get(name) == value:
        del os.environ[name]


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
