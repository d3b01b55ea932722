"""``pytest --pdb`` stops in the client's own line, and no step has a limit meanwhile."""

from __future__ import annotations

from typing import Any

pytest_plugins = ["pytester"]

CLIENT = """
import threading

def connect(url, **keywords):
    assert threading.current_thread() is threading.main_thread()
    return _ask(url)

def _ask(url):
    raise KeyError("MYCLIENT_URL")
"""

SPY = """
import pdb

class Spy(pdb.Pdb):
    def interaction(self, frame, traceback):
        stack, index = self.get_stack(frame, traceback)
        print("stopped in", stack[index][0].f_code.co_name)
"""


def test_where_the_client_raised(project: Any) -> None:
    project.write(raising=CLIENT, spy=SPY)
    done = project.judge("SIG-1", connect="raising", options=("--pdb", "--pdbcls=spy:Spy"))
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["stopped in _ask"])
