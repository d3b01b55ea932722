"""Laws: what holds of every run of ``connect``, whatever its scenario."""
