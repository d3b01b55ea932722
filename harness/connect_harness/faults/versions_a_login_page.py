"""A login page where the versions document should be."""

from __future__ import annotations

from connect_harness.faults.answer_instead import AnswerInstead
from connect_harness.faults.registry import Fault, fault
from connect_harness.protocols.versions import PATH

_PAGE = b"""<!DOCTYPE html>
<html lang="en">
<title>Log in</title>
<form method="post"><input name="username"><input name="password" type="password"></form>
</html>
"""


@fault("versions a login page")
def versions_a_login_page() -> Fault:
    """The answer is the HTML of a login page, with status 200, as gateways before a target give."""
    return AnswerInstead(PATH, body=_PAGE, content_type="text/html; charset=utf-8")
