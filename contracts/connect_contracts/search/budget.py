"""How long a search looks: the settings ``ci``, ``dev`` and ``nightly``.

They are objects that are handed on. Nothing is registered with Hypothesis or loaded there, so a
user's own tests keep what they have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from connect_harness.temporary import temporary_folder

if TYPE_CHECKING:
    from hypothesis import settings


class UnknownBudget(Exception):
    """There are no search settings of this name; the text says which there are."""


@dataclass(frozen=True)
class SearchSettings:
    """How long a search looks.

    Parameters:
        scenarios: How many scenarios are drawn, besides those of the ladder; each part draws its
            share, each scenario once.
        parts: Into how many parts the search is divided. Each draws on its own, so that one process
            and several find the same.
        derandomised: Whether each run draws the same scenarios.
        ladder: Whether the scenarios of the ladder, which are always the same, come first.
        runs_to_shrink: How many smaller scenarios are tried, at most, for each failure.
        hangs_to_shrink: The same for a failure each of whose runs takes the whole limit.
        most_hangs: After how many hangs a part ends: each costs its limit.
        most_differences: How many differences of two implementations are looked for, one after the
            other.
    """

    name: str
    scenarios: int
    parts: int
    derandomised: bool
    ladder: bool = True
    runs_to_shrink: int = 250
    hangs_to_shrink: int = 8
    most_hangs: int = 3
    most_differences: int = 10

    def hypothesis(self, scenarios: int, *, shrinks: bool = False) -> settings:
        """Settings of Hypothesis by which so many scenarios are drawn, and nothing else done.

        Parameters:
            shrinks: Whether Hypothesis itself makes small what it found.
        """
        from hypothesis import HealthCheck, Phase, Verbosity, settings

        return settings(
            max_examples=scenarios,
            derandomize=self.derandomised,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
            print_blob=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )


# Parts draw on their own, and may draw the same: of 11,500 more than 10,000 are distinct.
SEARCH_SETTINGS = {
    settings.name: settings
    for settings in (
        SearchSettings("ci", scenarios=180, parts=4, derandomised=True),
        SearchSettings("dev", scenarios=100, parts=4, derandomised=False, most_differences=50),
        SearchSettings(
            "nightly", scenarios=11_500, parts=20, derandomised=False, most_differences=500
        ),
    )
}


def search_settings(name: str) -> SearchSettings:
    """The search settings of this name; ``UnknownBudget`` is raised if there are none."""
    if name not in SEARCH_SETTINGS:
        raise UnknownBudget(
            f"There are no search settings {name!r}: choose one of {', '.join(SEARCH_SETTINGS)}."
        )
    return SEARCH_SETTINGS[name]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Meanwhile Hypothesis draws from its settings and its seed alone, and leaves nothing behind.

    By itself it keeps tables of letters below the working folder, and mixes in texts and numbers
    that it finds in whatever modules are loaded: other ones in each process. Where a release does
    not let itself be kept from that, it goes on mixing, and ``unsteady`` says so.
    """
    from hypothesis import configuration

    before = getattr(configuration, "__hypothesis_home_directory", None)
    with temporary_folder() as folder, _without_constants():
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)


def unsteady() -> str | None:
    """What is lost with the release of Hypothesis that is installed, as a sentence, or ``None``."""
    if _constants() is not None:
        return None
    return (
        f"Hypothesis {version('hypothesis')} cannot be kept from drawing values out of the modules "
        f"that are loaded: what is searched may differ from machine to machine."
    )


@contextmanager
def _without_constants() -> Iterator[None]:
    parts = _constants()
    if parts is None:
        yield
        return
    providers, none = parts
    found = providers._get_local_constants
    providers._get_local_constants = lambda: none
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = found
        providers.CONSTANTS_CACHE.cache.clear()


def _constants() -> tuple[Any, object] | None:
    """The module that mixes constants in, and an empty set of them; ``None`` where there is none.

    They are private, and Hypothesis has no option for it: any release may lack them.
    """
    try:
        from hypothesis.internal.conjecture import providers
        from hypothesis.internal.constants_ast import Constants

        for name in ("_get_local_constants", "CONSTANTS_CACHE"):
            getattr(providers, name)
        return providers, Constants()
    except (ImportError, AttributeError, TypeError):
        return None
