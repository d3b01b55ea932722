"""The command: what it takes, and what it prints; documents of the checkout."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import click
from sphinx.errors import ExtensionError

from connect_fixtures.cli.command import NAME, every_command, group
from connect_fixtures.plugin import OPTIONS, option_name
from from_code.markdown import block, code, table, text

DOCS = Path(__file__).parents[1]
COLUMNS = "84"


def commands() -> str:
    """Every command with its arguments and options."""
    above = click.Context(group, info_name=NAME)
    return "\n".join(
        _command(click.Context(command, parent=above, info_name=name))
        for name, command in every_command().items()
    )


def _command(context: click.Context) -> str:
    command = context.command
    usage = command.get_usage(context).removeprefix("Usage: ")
    records = (each.get_help_record(context) for each in command.get_params(context))
    rows = [(code(name).replace("|", "\\|"), text(about)) for name, about in filter(None, records)]
    about = "\n\n".join(map(text, (command.help or "").split("\n\n")))
    return (
        f"({NAME}-{context.info_name})=\n## {context.info_name}\n\n{about}\n\n"
        f"{block('text', usage)}\n{table(['option', ''], rows)}"
    )


def plugin_options() -> str:
    """Every option of the plugin, with its entry of the ini file."""
    rows = (
        (code(f"{option_name(name)} {option.metavar or ''}".strip()), code(name), text(option.help))
        for name, option in OPTIONS.items()
    )
    return table(["option", "entry of the ini file", "what it says"], rows)


def document(name: str) -> str:
    """A document of the checkout; what it links to beside it is a page here."""
    words = DOCS.parent.joinpath(f"{name}.md").read_text("utf-8")
    return re.sub(r"(?<=\]\()([A-Z]+)\.md(?=\))", lambda link: f"{link[1].lower()}.md", words)


def printed(folder: str, status: str, line: str, *more: str) -> str:
    """What commands print, run one after the other in a folder of the docs; the last has a status.

    Raises:
        ExtensionError: The last command ended with another status than the page says.
    """
    shown = []
    with TemporaryDirectory() as temporary:
        copy = copytree(DOCS / folder, Path(temporary, folder))
        for words in (line, *more):
            done = _done(words, copy)
            shown.append(f"$ {words}\n{done.stdout}")
            if str(done.returncode) != (status if words == (line, *more)[-1] else "0"):
                told = f"{words!r} ended with {done.returncode}"
                raise ExtensionError(f"{told}:\n{done.stdout}{done.stderr}")
    return block("console", "".join(shown))


def wrong(reference: str, clause: str, status: str = "1") -> str:
    """A client of the gallery: its code, the command, what is printed, and the clause to read."""
    module = reference.partition(":")[0]
    command = f"{NAME} run --connect {reference} --select {clause}"
    shown = f"```{{literalinclude}} gallery/{module}.py\n:language: python\n```\n"
    return f"{shown}\n{printed('gallery', status, command)}\nThe clause: [{clause}](#{clause}).\n"


def _done(words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    name, *arguments = shlex.split(words)
    scripts = {NAME: "connect_contracts", "pytest": "pytest"}
    done = subprocess.run(
        [sys.executable, "-m", scripts[name], *arguments],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    # Ports, sizes and times are of this run alone; a page that is built twice is the same.
    done.stdout = re.sub(r"(?<=localhost:)\d{4,5}", "PORT", done.stdout)
    return done


def _environment() -> dict[str, str]:
    """That of a user's terminal: what a CI system or a pytest around the build sets is left out."""
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "GITHUB_", "FORCE_COLOR"))
    }
    return {**others, "COLUMNS": COLUMNS, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
