"""The command ``connect-contract``, as ``python -m connect_contracts``."""

from __future__ import annotations

import sys

from connect_fixtures.cli import main

if __name__ == "__main__":
    sys.exit(main())
