"""Two verifiers that know nothing of each other: a recipe is held against both.

They say whether a chain is refused for its own reason, before any client is held to that.
"""

from connect_harness.certificates.verifiers.handshake import Outcome, shake_hands
from connect_harness.certificates.verifiers.openssl import verify_by_openssl
from connect_harness.certificates.verifiers.verified import Verified
from connect_harness.certificates.verifiers.webpki import verify_by_cryptography

__all__ = ["Outcome", "Verified", "shake_hands", "verify_by_cryptography", "verify_by_openssl"]
