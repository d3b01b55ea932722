"""The script that is written beside capsules: one fixed text, into which nothing of them goes."""

from __future__ import annotations

from pathlib import Path

from connect_contracts.model.json_text import read_regular

NAME = "replay-capsules.py"
"""pytest collects no file of this name by default, and no ``import`` can name it."""

TEXT = '''"""Replays capsules as `connect-contract replay` does, to be started in a debugger.

python replay-capsules.py MODULE[:ATTRIBUTE] [CAPSULE...]: by default all beside this file.
"""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # The folder of this file, whose modules are not those of Python.
    from pathlib import Path

    from connect_fixtures.cli import main

    implementation = [f"--connect={one}" for one in sys.argv[1:2]]
    capsules = sys.argv[2:] or [str(Path(__file__).parent)]
    sys.exit(main(["replay", *implementation, "--", *capsules]))
'''


class NotOurs(Exception):
    """Something else lies where the script would be written; the text is one sentence."""


def check_place(folder: Path) -> bool:
    """Whether the script lies in ``folder``; ``NotOurs`` if anything else has its name."""
    path = folder / NAME
    if not path.is_symlink():
        try:
            if read_regular(path, len(TEXT)) == TEXT.encode():
                return True
        except FileNotFoundError:
            return False
        except OSError:
            pass
    raise NotOurs(f"{path} is there, and is not the script of this release: move it elsewhere.")


def write_script(folder: Path) -> Path:
    """Write the script into ``folder``, unless it lies there already.

    Raises:
        NotOurs: Anything else has its name; it stays as it is.
        OSError: It cannot be written there.
    """
    path = folder / NAME
    if not check_place(folder):
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(TEXT)
    return path
