"""The documented page, sentence by sentence: which clauses hold each, or why none does.

The text of the page is not here. ``page.toml`` has, of each sentence in order, its digest, what it
says in other words, and its clauses or the reason why there are none. A line of an example is a
sentence, and so is what it prints.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import msgspec

from connect_contracts.model.clause import Profile

PATH = Path(__file__).with_name("page.toml")

_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*•)")
_END_OF_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence of the page.

    Parameters:
        number: Its place, from 1 on.
        digest: The SHA-256 of its text, white space normalised, in hexadecimal.
        says: What it says, in other words.
        clauses: The ids of the clauses that hold it.
        reason: Why no clause does, or what of it none does; empty where nothing is left.
    """

    number: int
    digest: str
    says: str
    clauses: tuple[str, ...] = ()
    reason: str = ""


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The page, and what is documented elsewhere.

    Parameters:
        title: What it is the page of.
        elsewhere: Of each documented clause that no sentence holds, where it is documented.
    """

    title: str
    profile: Profile
    sentences: tuple[Sentence, ...]
    elsewhere: dict[str, str]


@cache
def page() -> Page:
    """The page that the suite was written for."""
    return msgspec.toml.decode(PATH.read_bytes(), type=Page)


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a page as text, in order, white space normalised."""
    blocks = _BLOCK.split(text.replace("\r\n", "\n"))
    found = (sentence for block in blocks for sentence in _sentences(block.strip("\n")))
    normalised = (" ".join(sentence.split()) for sentence in found)
    return tuple(sentence for sentence in normalised if sentence)


def _sentences(block: str) -> Iterator[str]:
    if ">>>" not in block:
        yield from _END_OF_SENTENCE.split(block)
        return
    lines: list[str] = []
    was_code = False
    for line in block.splitlines():
        begins = line.lstrip().startswith(">>>")
        is_code = begins or (was_code and line.startswith("..."))
        if lines and (begins or is_code != was_code):
            yield "\n".join(lines)
            lines = []
        was_code = is_code
        lines.append(line)
    yield "\n".join(lines)


def digest_of(sentence: str) -> str:
    """The digest of a sentence whose white space is normalised."""
    return hashlib.sha256(sentence.encode()).hexdigest()


class Difference(msgspec.Struct, frozen=True):
    """Where a text is not the page: a sentence is ``changed``, ``new`` or ``gone``.

    Parameters:
        sentence: The one of the page; ``None`` if it is new.
        text: The one of the text; ``None`` if it is gone.
    """

    kind: str
    sentence: Sentence | None
    text: str | None


def differences(text: str, of: Page) -> tuple[Difference, ...]:
    """What of ``text``, a page that someone has, is not as in the page ``of``."""
    theirs = sentences_of(text)
    digests = [sentence.digest for sentence in of.sentences]
    matcher = SequenceMatcher(None, digests, list(map(digest_of, theirs)), autojunk=False)
    found: list[Difference] = []
    for _, a, b, c, d in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        both = min(b - a, d - c)
        found += [
            Difference("changed", of.sentences[a + place], theirs[c + place])
            for place in range(both)
        ]
        found += [Difference("gone", sentence, None) for sentence in of.sentences[a + both : b]]
        found += [Difference("new", None, sentence) for sentence in theirs[c + both : d]]
    return tuple(found)
