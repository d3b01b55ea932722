"""Which files are the client's own, and which of their lines an exception or a hang is in."""

from __future__ import annotations

import inspect
import linecache
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from connect_contracts.execution.capture.output_capture import chain_of, type_name
from connect_contracts.execution.identity import (
    INSTALLED,
    PUBLIC_CLIENTS,
    is_installed,
    is_public_client,
)
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.returned import WrongReturn
from connect_contracts.model.cause import CodeLine, Origin

MOST_LINES = 3
"""Lines of the client's code that are shown of one exception."""

_SUITE = __name__.partition(".")[0]


def origin_of(error: BaseException, implementation: Implementation) -> Origin:
    """The innermost lines of the client's own code in the traceback of ``error``, in order.

    The client's code is its package, or the folder of its module, and the adapter's. What is
    installed beside it is not, nor the standard library, nor this suite. Of the public client,
    which is proprietary, nothing is shown. Of a wrong return it is where the method begins.
    """
    folders, public = _folders(implementation), _public_clients()
    if isinstance(error, WrongReturn):
        return Origin(tuple(_begin_of(getattr(type(implementation), error.method), folders)))

    def came_through(link: BaseException) -> tuple[list[CodeLine], bool]:
        return _own_lines(traceback.walk_tb(link.__traceback__), folders, public)

    lines, below = came_through(error)
    chain = (type_name(link) for link in chain_of(error) if came_through(link)[1])
    return Origin(tuple(lines[-MOST_LINES:]), below, tuple(chain))


def raised_at(error: BaseException, module: str) -> str:
    """Where the import of ``module`` raised ``error``, as text; empty where no line can be shown.

    That is the innermost line of its package, or of another one that is not installed.
    """
    if isinstance(error, SyntaxError) and error.filename is not None:
        return f"{_below_path(error.filename)}:{error.lineno}"
    found = ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        file, code = frame.f_code.co_filename, frame.f_code.co_qualname
        top = str(frame.f_globals.get("__name__")).partition(".")[0]
        foreign = top in (_SUITE, *sys.stdlib_module_names) or is_installed(file)
        if top not in PUBLIC_CLIENTS and (top == module.partition(".")[0] or not foreign):
            found = str(CodeLine(_below_path(file), number, code))
    return found


def _below_path(file: str) -> str:
    """``file`` from the folder on in which imports find it."""
    folders = [Path(entry).absolute() for entry in sys.path]
    inside = [Path(file).relative_to(each) for each in folders if Path(file).is_relative_to(each)]
    return min(map(Path.as_posix, inside), key=len, default=Path(file).name)


def lines_of_stack(frame: FrameType | None, implementation: Implementation) -> tuple[CodeLine, ...]:
    """The innermost lines of the client's own code that ``frame`` runs in, in order."""
    calls = reversed([*traceback.walk_stack(frame)]) if frame is not None else ()
    return tuple(_own_lines(calls, _folders(implementation), ())[0][-MOST_LINES:])


def _own_lines(
    calls: Iterable[tuple[FrameType, int]], folders: Sequence[Path], public: Sequence[Path]
) -> tuple[list[CodeLine], bool]:
    """The client's own lines, and whether a public client was entered after the last of them."""
    found = []
    below = False
    for frame, number in calls:
        file = frame.f_code.co_filename
        if (name := _shown(file, folders)) is not None:
            source = linecache.getline(file, number).strip()
            found.append(CodeLine(name, number, frame.f_code.co_qualname, source))
            below = False
        elif any(map(Path(file).is_relative_to, public)):
            below = True
    return found, below


def _begin_of(method: Callable[..., Any], folders: Sequence[Path]) -> Iterator[CodeLine]:
    code = getattr(inspect.unwrap(method), "__code__", None)
    if code is not None and (name := _shown(code.co_filename, folders)) is not None:
        source = linecache.getline(code.co_filename, code.co_firstlineno).strip()
        yield CodeLine(name, code.co_firstlineno, code.co_qualname, source)


def _public_clients() -> list[Path]:
    """The folders of the public clients that are imported."""
    imported = PUBLIC_CLIENTS.keys() & sys.modules.keys()
    packages = (sys.modules[name] for name in imported if is_public_client(name))
    return [Path(folder) for package in packages for folder in getattr(package, "__path__", ())]


def _folders(implementation: Implementation) -> tuple[Path, ...]:
    kinds = type(implementation).__mro__
    names = {kind.__module__ for kind in kinds[: kinds.index(Implementation)]}
    modules = [implementation.module, implementation.defined_in]
    modules += [sys.modules.get(name) for name in sorted(names)]
    if implementation.identity is not None:
        modules += [sys.modules.get(name) for name in implementation.identity.modules]
    found = (place for module in modules if module is not None for place in _places(module))
    return tuple(dict.fromkeys(found))


@cache
def _places(module: ModuleType) -> tuple[Path, ...]:
    """The folders of the package of ``module``; of a module without one its folder, or its file."""
    top = module.__name__.partition(".")[0]
    file = getattr(module, "__file__", None)
    if top in PUBLIC_CLIENTS or file is None:
        return ()
    if top == _SUITE:
        # The references, and the broken implementations.
        return (Path(file).parent,)
    if folders := getattr(sys.modules.get(top), "__path__", None):
        return tuple(Path(folder) for folder in folders)
    shared = Path(file).parent.name in INSTALLED
    return (Path(file) if shared else Path(file).parent,)


def _shown(file: str, folders: Sequence[Path]) -> str | None:
    """``file`` from the client's folder on; ``None`` if it is not one of the client's."""
    path = Path(file)
    for folder in folders:
        if path.is_relative_to(folder):
            below = path.relative_to(folder).parts
            if any(part in INSTALLED for part in below):
                return None
            whole = folder.is_file() or (folder / "__init__.py").is_file()
            return path.relative_to(folder.parent if whole else folder).as_posix()
    return None
