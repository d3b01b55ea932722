"""The suite, the laws and the capsules as tests of pytest: only modules here import pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from connect_contracts.judging.settings import Settings

SETTINGS: pytest.StashKey[Settings] = pytest.StashKey()
"""Where the plugin puts the settings, in the stash of pytest's configuration."""
