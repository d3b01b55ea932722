"""``connect`` on httpx, once for each documentation profile: the page, turned into code."""
