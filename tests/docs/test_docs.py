"""The docs are built without a warning, have all that the code has, and load nothing from afar."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

import connect_contracts
import connect_harness
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.evidence import Strength
from connect_contracts.model.parts import PARTS
from connect_contracts.model.verdict import Verdict
from connect_contracts.search.laws.every_law import LAWS
from connect_fixtures import fixtures
from connect_fixtures.cli.command import COMMANDS
from connect_fixtures.plugin import OPTIONS, option_name
from connect_harness import DEFECTS, fault_kinds
from connect_harness.certificates.chain import as_written

SCHEMAS = Path(connect_contracts.__file__).parent / "schemas"
DOCS = Path(__file__).parents[2] / "docs"


def words_of(page: Path) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8")))


@pytest.mark.docs
def test_they_are_built_without_a_warning_and_have_all(tmp_path: Path) -> None:
    pytest.importorskip("furo", reason="the extra docs is not installed")
    built = tmp_path / "docs"
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", DOCS, built],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    reference = built / "reference"
    chapters = "".join(words_of(page) for page in sorted(reference.glob("clauses/*.html")))
    for page, names in {
        "commands": COMMANDS,
        "defects": [*DEFECTS, *(as_written(each.defective_chain) for each in DEFECTS.values())],
        "faults": fault_kinds(),
        "contracts": [f"connect_contracts.{name}" for name in connect_contracts.__all__],
        "harness": [f"connect_harness.{name}" for name in connect_harness.__all__],
        "schemas": [schema.name for schema in SCHEMAS.glob("*.json")],
        "fixtures": [
            *(name for name in vars(fixtures) if name.startswith("connect_")),
            *(*OPTIONS, *map(option_name, OPTIONS)),
        ],
        "verdicts": [*(one.word for one in (*Verdict, *Strength)), *PARTS],
    }.items():
        words = words_of(reference / f"{page}.html")
        assert [name for name in names if name not in words] == [], page
    assert [case.name for case in catalogue().cases.values() if case.name not in chapters] == []
    assert [law.name for law in LAWS if law.name not in words_of(built / "capsules.html")] == []
    pages = {page: page.read_text("utf-8") for page in built.rglob("*.html")}
    assert [wrong for page in pages for wrong in broken_links(page, pages)] == []
    # What a browser loads by itself: scripts, styles, images; and what styles load.
    loaded = re.compile(r"""<(?:script|img|link)\b[^>]*(?:src|href)="((?:https?:)?//[^"]*)""")
    assert [url for text in pages.values() for url in loaded.findall(text)] == []
    styles = [style.read_text("utf-8") for style in built.rglob("*.css")]
    assert not any(re.search(r"url\(['\"]?(?:https?:)?//", style) for style in styles)


def broken_links(page: Path, pages: dict[Path, str]) -> Iterator[str]:
    """Links of a page to another, or to a place in it, that is not there."""
    for link in re.findall(r'<a\b[^>]*href="([^":]*)"', pages[page]):
        file, _, place = unquote(html.unescape(link)).partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (place and f'id="{place}"' not in pages[target]):
            yield f"{page.name}: {link}"
