"""What is fixed for all certificates that are made here."""

from __future__ import annotations

from datetime import UTC, datetime

# Far away on both sides, so that no machine's clock decides a case; trustme's own span.
VALID_FROM = datetime(2000, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(3000, 1, 1, tzinfo=UTC)

REVOKED_SERIAL = 0x5265766F6B6564
"""The serial number that stands in the revocation list of every authority."""
