"""Text of the code as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from inspect import cleandoc

from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import GoogleDocstring

_SPECIAL = re.compile(r"(`+).+?\1|[\\*_<>\[\]{}|$#~]")


def text(words: str) -> str:
    """``words`` in one line, shown as they are; what stands between backticks stays code."""
    # Within code nothing but the mark between cells can be escaped.
    return _SPECIAL.sub(
        lambda found: found[0].replace("|", "\\|") if found[1] else f"\\{found[0]}",
        " ".join(words.split()),
    )


def code(words: str) -> str:
    """``words`` as code within a line."""
    return f"`{words}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells are Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def rst(docstring: str) -> str:
    """A docstring: reStructuredText, with ``Parameters:`` and ``Raises:`` as headings."""
    fields = Config(napoleon_use_param=False, napoleon_use_rtype=False)
    # It takes any object with these fields, whatever its annotation says.
    converted = GoogleDocstring(cleandoc(docstring), fields)  # type: ignore[arg-type]
    return f"````{{eval-rst}}\n{converted}\n````\n"


def block(language: str, words: str) -> str:
    """``words`` as they are, in a block of their own."""
    return f"````{language}\n{words.rstrip()}\n````\n"
