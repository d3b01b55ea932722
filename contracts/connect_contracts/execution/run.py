"""A scenario is run: targets are built, steps taken, and everything thrown away after."""

from __future__ import annotations

import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.canaries import planted
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects import resolve
from connect_contracts.execution.capture.exceptions import raised
from connect_contracts.execution.environment import trust_store
from connect_contracts.execution.environment.left_files import LeftFiles
from connect_contracts.execution.environment.loopback import has_ipv6
from connect_contracts.execution.environment.process_environment import ProcessEnvironment, applied
from connect_contracts.execution.environment.surroundings import surroundings
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.importing import not_found_afresh
from connect_contracts.execution.in_process import InProcessExecutor
from connect_contracts.execution.owner_steps import Owner, OwnerAsked
from connect_contracts.execution.targets import has_part, played_release, start_target
from connect_contracts.model.clause import Profile
from connect_contracts.model.host_names import address_of, is_redirected
from connect_contracts.model.observation import Asked, Observation, Place, Result, Said, TargetSeen
from connect_contracts.model.scenario import (
    Connect,
    Own,
    Scenario,
    Step,
    TargetSpec,
    Together,
    Use,
    calls_of,
)
from connect_harness.certificates import Authorities
from connect_harness.server import HarnessError, Journal
from connect_harness.temporary import temporary_folder

if TYPE_CHECKING:
    from connect_contracts.execution.fresh_process import FreshProcess

WARM_UP_LIMIT = 10.0
"""Seconds that the unjudged connect of a fresh process may take, and no more than a step."""

ENDING_LIMIT = 5.0
"""Seconds that closing what a scenario left open may take; nothing is judged by it."""

SETTLING_LIMIT = 60.0
"""Seconds that the targets' side may take to be recorded; more is a mistake of ours."""


class NotRecorded(Exception):
    """Not all that the targets saw is in the journal, so that nothing can be judged."""


class StepExecutor(Protocol):
    """Where the implementation's steps are taken: in this process, or in a fresh one."""

    def execute(
        self, session: str, step: Use | Arguments, limit: float, place: Place
    ) -> Result: ...

    @property
    def asked(self) -> tuple[Asked, ...]: ...

    @property
    def resolved(self) -> tuple[str, ...]: ...

    @property
    def said(self) -> tuple[Said, ...]: ...

    @property
    def terminal(self) -> str: ...

    def end(self, limit: float) -> None: ...


def run(scenario: Scenario, implementation: Implementation, profile: Profile) -> Observation:
    """Run ``scenario`` on ``implementation`` and tell what was seen.

    Whatever goes wrong in the harness itself is told as the observation's ``harness_error``; the
    exceptions of the implementation are results.
    """
    if implementation.own_resolver and _redirected(scenario):
        return Observation(scenario, not_applicable="the implementation resolves names itself")
    lacking = _lacking(scenario, implementation)
    if lacking is not None:
        return Observation(scenario, not_testable=lacking)
    try:
        return _Run(scenario, implementation, profile).observe()
    except Exception:
        return Observation(scenario, harness_error=traceback.format_exc(limit=-6))


def _lacking(scenario: Scenario, implementation: Implementation) -> str | None:
    """What this machine lacks for ``scenario``, as a sentence, or ``None``."""
    addresses = [address_of(call.host) for _, call in calls_of(scenario)]
    if any(one is not None and one.version == 6 for one in addresses) and not has_ipv6():
        return "this machine has no IPv6 loopback address"
    if scenario.isolation == "process" and (why := not_found_afresh(implementation)):
        return why
    return trust_store.lacking(implementation.trust_store) if scenario.trusted else None


def _redirected(scenario: Scenario) -> tuple[str, ...]:
    """The hosts of ``scenario`` that nobody else knows."""
    hosts = dict.fromkeys(call.host for _, call in calls_of(scenario))
    return tuple(host for host in hosts if is_redirected(host))


class _Run:
    """One run: what it is made of lives as long as ``observe`` lasts."""

    def __init__(
        self, scenario: Scenario, implementation: Implementation, profile: Profile
    ) -> None:
        # As it is played, with passwords of the run's own; told is the one that was given.
        self.told = scenario
        self.scenario = planted(scenario)
        self.implementation = implementation
        self.profile = profile
        self.journal = Journal()
        self.authorities = Authorities()
        self.results: list[Result] = []
        self.absent: set[str] = set()
        self.left: list[Said] = []
        self.stopped = False

    def observe(self) -> Observation:
        scenario = self.scenario
        specs = {spec.name: spec for spec in scenario.targets}
        with ExitStack() as stack:
            folder = stack.enter_context(temporary_folder())
            home, temporary = folder / "home", folder / "tmp"
            home.mkdir()
            temporary.mkdir()
            machines = Path(tempfile.gettempdir())
            targets = {
                name: stack.enter_context(
                    start_target(
                        spec, self.journal, self.authorities, self.implementation, self.profile
                    )
                )
                for name, spec in specs.items()
            }
            self.owner = Owner(targets, specs)
            self.resources = CallResources(folder, self.authorities, targets, specs)
            stack.callback(self.resources.close)
            stack.enter_context(surroundings(home, temporary, self._variables()))
            left = LeftFiles([folder], machines if scenario.listens else None)
            stack.callback(self._look_at, left, (home, temporary))
            self.executor = self._executor(stack)
            for index, step in enumerate(scenario.steps):
                if self.stopped:
                    break
                self._take(step, (index,))
            seen = tuple(
                TargetSeen(name, target.url, target.port, specs[name].base_path)
                for name, target in targets.items()
            )
        # Read when all is closed: a connection tells only then how many bytes it carried.
        self._wait_until_recorded("the run")
        events = self.journal.events
        return Observation(
            self.told,
            tuple(self.results),
            events,
            seen,
            dict(self.resources.presented),
            self.executor.asked,
            tuple(dict.fromkeys(self.resources.secrets)),
            self.executor.resolved,
            self.executor.terminal,
            (*self.executor.said, *self.left),
            silent_ports=self.resources.silent_ports,
            harness_error=next((one.text for one in events if isinstance(one, HarnessError)), None),
            played=self.scenario,
        )

    def _look_at(self, left: LeftFiles, folders: tuple[Path, ...]) -> None:
        """Read what the implementation left, once its sessions are closed."""
        last = (len(self.scenario.steps) - 1,)
        for one in left.read((*self.resources.written, *folders)):
            self.left.append(Said("a file that was left behind", one.text, last, one.cut))

    def _variables(self) -> dict[str, str]:
        """The environment variables of the case, with paths in place of words."""
        return {
            name: value.replace("{authority}", str(self.resources.authority_file("authority")))
            if "{authority}" in value
            else value
            for name, value in self.scenario.surroundings
        }

    def _executor(self, stack: ExitStack) -> StepExecutor:
        types = {
            spec.name: dict(spec.data_types)
            for target in self.scenario.targets
            for spec in target.tables
        }
        if self.scenario.isolation == "process":
            from connect_contracts.execution.fresh_process import FreshProcess

            fresh = FreshProcess(self.implementation, types, self._process_environment())
            stack.callback(fresh.end, ENDING_LIMIT)
            self._warm_up(fresh)
            if fresh.spent:
                fresh = FreshProcess(self.implementation, types, self._process_environment())
                stack.callback(fresh.end, ENDING_LIMIT)
            return fresh
        stage = InProcessExecutor(
            self.implementation, types, stack.enter_context(applied(self._process_environment()))
        )
        stack.callback(stage.end, ENDING_LIMIT)
        return stage

    def _warm_up(self, fresh: FreshProcess) -> None:
        with start_target(
            TargetSpec(secure=False),
            Journal(),
            self.authorities,
            self.implementation,
            self.profile,
        ) as target:
            arguments = Arguments(scheme="http", host="localhost", port=target.port)
            fresh.warm_up(arguments, min(WARM_UP_LIMIT, self.scenario.limit))

    def _process_environment(self) -> ProcessEnvironment:
        scenario = self.scenario
        trusted = None
        if scenario.trusted:
            pem = [self.authorities.authority(one).certificate_pem for one in scenario.trusted]
            trusted = str(self.resources.write("trusted_authorities.pem", b"".join(pem)))
        return ProcessEnvironment(
            trusted,
            self.implementation.trust_store,
            _redirected(scenario),
            scenario.listens,
            has_terminal=scenario.isolation == "process",
        )

    def _take(self, step: Step, place: Place) -> None:
        match step:
            case Together():
                self._take_together(step, place)
            case Own():
                self._take_own(step, place)
            case _:
                arguments = self._prepared(step, place)
                if arguments is not None:
                    self._take_session(step, arguments, place)
                    self._settle(place)

    def _prepared(self, step: Connect | Use, place: Place) -> Use | Arguments | None:
        """What the executor is given; ``None`` for a session that is not there."""
        if isinstance(step, Connect):
            return resolve(step.call, self.resources, _name(place))
        return None if step.session in self.absent else step

    def _take_session(self, step: Connect | Use, given: Use | Arguments, place: Place) -> None:
        what = "connect" if isinstance(step, Connect) else step.action
        began = self.journal.mark(f"{_name(place)} {step.session} {what}").number
        taken = self.executor.execute(step.session, given, self.scenario.limit, place)
        ended = self.journal.mark(f"{_name(place)} {taken.how}").number
        release = played_release(self.implementation, self.profile)
        self.results.append(
            msgspec.structs.replace(
                taken,
                place=place,
                who=step.session,
                what=what,
                began=began,
                ended=ended,
                undocumented=taken.part is not None and not has_part(release, taken.part),
            )
        )
        if isinstance(step, Connect):
            # A session that was not there may come with a later connect of the same name.
            change = self.absent.discard if taken.how == "returned" else self.absent.add
            change(step.session)
        if taken.how in ("hung", "part missing", "adapter wrong"):
            self.stopped = True

    def _settle(self, place: Place) -> None:
        """Wait until what a step sent is recorded, and count it as the step's."""
        self._wait_until_recorded(f"step {_name(place)}")
        ended = self.journal.mark(f"{_name(place)} settled").number
        self.results[-1] = msgspec.structs.replace(self.results[-1], ended=ended)

    def _wait_until_recorded(self, what: str) -> None:
        # A step that hung goes on, perhaps without a pause, and is judged by its hanging alone.
        limit = ENDING_LIMIT if self.stopped else SETTLING_LIMIT
        if not self.journal.wait_until_quiet(limit) and not self.stopped:
            raise NotRecorded(f"{limit:g} s after {what} the targets were still at work")

    def _take_together(self, step: Together, place: Place) -> None:
        began = self.journal.mark(f"{_name(place)} together").number
        barrier = threading.Barrier(len(step.branches))
        # Files are written and tokens issued before anybody is let go.
        prepared = [
            [
                (one, self._prepared(one, (*place, number, at)), (*place, number, at))
                for at, one in enumerate(branch)
            ]
            for number, branch in enumerate(step.branches)
        ]

        def walk(branch: list[tuple[Connect | Use, Use | Arguments | None, Place]]) -> None:
            barrier.wait()
            for one, given, at in branch:
                # After a hang nothing more is asked: each further step would wait for its limit.
                if given is not None and one.session not in self.absent and not self.stopped:
                    self._take_session(one, given, at)

        with ThreadPoolExecutor(len(prepared)) as pool:
            walks = [pool.submit(walk, branch) for branch in prepared]
        for one in walks:
            # What was raised there is a mistake of ours: results alone say what steps raised.
            one.result()
        inner = [one for one in self.results if one.place[:-2] == place]
        wrong = next((one for one in inner if one.how != "returned"), None)
        together = Result(place, "all", "together", "returned", began=began)
        if wrong is not None:
            together = msgspec.structs.replace(wrong, place=place, began=began)
        self.results.append(together)
        self._settle(place)

    def _take_own(self, step: Own, place: Place) -> None:
        began = self.journal.mark(f"{_name(place)} owner {step.action}").number
        try:
            value = self.owner.execute(step)
            result = Result(place, "owner", step.action, "returned", value)
        except OwnerAsked as error:
            result = Result(place, "owner", step.action, "raised", raised=raised(error))
        self.journal.mark(f"{_name(place)} {result.how}")
        self.results.append(msgspec.structs.replace(result, began=began))
        self._settle(place)


def _name(place: Place) -> str:
    return ".".join(str(one + 1) for one in place)
