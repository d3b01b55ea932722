"""An event loop in a thread, for :mod:`other_implementations.on_aiohttp`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


class LoopThread:
    """An event loop that runs in a thread until it is ended."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, name="connected session", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        self.loop.run_forever()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def result(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self.loop.is_closed():
            work.close()
            raise RuntimeError("The session is over.")
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def end(self, last: Any) -> None:
        """Await ``last``, then stop; may be called from anywhere, and more than once."""
        if not self.loop.is_closed():
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self._finish(last)))
            # The collector may drop a session within this very thread.
            if threading.current_thread() is not self.thread:
                self.thread.join()

    async def _finish(self, last: Any) -> None:
        try:
            await last()
        finally:
            self.loop.stop()
