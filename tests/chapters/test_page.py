"""The documented page is held sentence by sentence; a text is held against it by digests."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.chapters.page import (
    Page,
    Sentence,
    differences,
    digest_of,
    page,
    sentences_of,
)
from connect_contracts.model.clause import Level, Profile
from connect_fixtures.cli import main

TEXT = """fly#

classmethod Bird.fly(far, *, high=None)#

A bird flies. It lands too.

  • far (int): How far. Miles.

  • high: How high,
    if it is known.

>>> bird.fly(
...     1,
... )
>>> bird.where
    Place
0   here
Then it sings.
"""
SENTENCES = (
    "fly#",
    "classmethod Bird.fly(far, *, high=None)#",
    "A bird flies.",
    "It lands too.",
    "• far (int): How far.",
    "Miles.",
    "• high: How high, if it is known.",
    ">>> bird.fly( ... 1, ... )",
    ">>> bird.where",
    "Place 0 here Then it sings.",
)
OR_NOT = ("new", None, "Or not.")
SMALL = Page(
    "fly",
    Profile.V0_9_1,
    tuple(
        Sentence(number, digest_of(sentence), "what it says", ("SIG-1",))
        for number, sentence in enumerate(SENTENCES, 1)
    ),
    {},
)


def test_every_sentence_has_clauses_or_a_reason_and_every_clause_of_the_page_a_sentence() -> None:
    known, clauses = page(), catalogue().clauses
    numbers = [sentence.number for sentence in known.sentences]
    assert numbers == list(range(1, len(numbers) + 1))
    for sentence in known.sentences:
        assert sentence.says
        assert sentence.clauses or sentence.reason, f"sentence {sentence.number} has neither"
        assert len(sentence.digest) == 64
    held = {name for sentence in known.sentences for name in sentence.clauses}
    assert {*held, *known.elsewhere} <= set(clauses)
    documented = {name for name, each in clauses.items() if each.level is Level.DOCUMENTED}
    assert documented - held == set(known.elsewhere), "add it to a sentence of page.toml"
    for name in known.elsewhere:
        assert clauses[name].source.startswith("document"), f"{name} is of the page"


def test_sentences() -> None:
    assert sentences_of(TEXT) == SENTENCES


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("How high,\n    if", "How   high, if", []),
        ("\n", "\r\n", []),
        ("A bird flies.", "A bird walks.", [("changed", 3, "A bird walks.")]),
        ("It lands too.", "", [("gone", 4, None)]),
        ("Miles.", "Miles. Or not.", [OR_NOT]),
        (
            "It lands too.",
            "It sinks. Or not.",
            [("changed", 4, "It sinks."), ("new", None, "Or not.")],
        ),
        (">>> bird.where", ">>> bird.there", [("changed", 9, ">>> bird.there")]),
    ],
    ids=["white space", "line ends", "changed", "gone", "new", "changed and new", "code"],
)
def test_a_text_is_held_against_the_page(
    old: str, new: str, found: list[tuple[str, int | None, str | None]]
) -> None:
    seen = [
        (each.kind, None if each.sentence is None else each.sentence.number, each.text)
        for each in differences(TEXT.replace(old, new), SMALL)
    ]
    assert seen == found


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["page", "--json"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out, type=Page) == page()
    assert main(["page"]) == 0
    assert "12. certificate_authority is the path" in capsys.readouterr().out
    monkeypatch.setattr("connect_fixtures.cli.page.page", lambda: SMALL)
    file = tmp_path / "page.txt"
    file.write_text(TEXT, encoding="utf-8")
    assert main(["page", "--against", "page.txt"]) == 0
    assert capsys.readouterr().out == "page.txt: 0 differences from the 10 sentences of fly\n"
    file.write_text(TEXT.replace("Miles.", "Leagues."), encoding="utf-8")
    assert main(["page", "--against", "page.txt"]) == 1
    assert "changed: sentence 6 (SIG-1): what it says: now: Leagues." in capsys.readouterr().out
    file.write_bytes(b"\xff")
    assert main(["page", "--against", "page.txt"]) == 2
    error = capsys.readouterr().err
    assert error == "connect-contract: page.txt is no text in UTF-8: save it as such.\n"
