"""Python code in a fork of this process: a process of its own, with all that is imported here."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Mapping

from connect_harness.played import installed_release


def forked(
    call: Callable[[], int], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run ``call`` in a fork, and give what it returned and wrote.

    Parameters:
        environment: Further environment variables; nothing that Python reads as it starts.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        with warnings.catch_warnings():
            # Threads of targets that wait for their clients hold no lock.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            status = 70
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                sys.stdout = sys.__stdout__ = os.fdopen(1, "w", encoding="utf-8", closefd=False)
                sys.stderr = sys.__stderr__ = os.fdopen(2, "w", encoding="utf-8", closefd=False)
                os.environ.update(environment)
                warnings.resetwarnings()
                forget_modules_of_tests()
                # The project in the fork may have a client of its own.
                installed_release.cache_clear()
                status = call()
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess([], status, out.read(), err.read())


def forget_modules_of_tests() -> None:
    """Another test of this process may have imported its own module of such a name."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        # The environment itself may lie in the temporary folder.
        if file.startswith(tempfile.gettempdir()) and not file.startswith(sys.prefix):
            del sys.modules[name]
