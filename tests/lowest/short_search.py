"""``connect-contract search`` with settings that are shorter than any it knows.

python short_search.py ARGUMENT...
"""

from __future__ import annotations

import sys

from connect_contracts.search.budget import SEARCH_SETTINGS, SearchSettings
from connect_fixtures.cli import main

SHORT = SearchSettings("short", scenarios=30, parts=1, derandomised=True, ladder=False)

if __name__ == "__main__":
    SEARCH_SETTINGS[SHORT.name] = SHORT
    sys.exit(main(["search", "--settings", SHORT.name, *sys.argv[1:]]))
