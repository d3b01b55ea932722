"""A scenario is run: targets are started, steps executed, and everything is removed after."""

from __future__ import annotations

import tempfile
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources, planted, tokens_of
from connect_contracts.execution.call_defects import resolve
from connect_contracts.execution.capture.output_capture import raised
from connect_contracts.execution.environment.left_files import LeftFiles
from connect_contracts.execution.environment.process_environment import (
    ProcessEnvironment,
    applied,
    surroundings,
)
from connect_contracts.execution.environment.surrounding_files import variables_of, write_netrc
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.in_process import InProcessExecutor
from connect_contracts.execution.lacking import lacking_for
from connect_contracts.execution.targets import (
    OwnerRefused,
    execute_own,
    has_part,
    played_release,
    start_issuer,
    start_target,
)
from connect_contracts.execution.unjudged import WARM_UP_LIMIT
from connect_contracts.model.clause import Profile
from connect_contracts.model.host_names import is_redirected
from connect_contracts.model.observation import Observation, Place, Result, Said, TargetSeen
from connect_contracts.model.parts import not_offered
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
    from connect_contracts.execution.session_thread import DataTypes
    from connect_harness.faults import Armed

ENDING_LIMIT = 5.0
"""Seconds that closing what a scenario left open may take; nothing is judged by it."""

SETTLING_LIMIT = 60.0
"""Seconds that the targets' side may take to be recorded; more is a mistake of ours."""


MEETING_LIMIT = 2.0
"""Seconds in which connects that are let go together may all reach their targets; those of a client
that makes one after the other do not, and go on then."""


class NotRecorded(Exception):
    """Not all that the targets saw is in the journal, so that nothing can be judged."""


def run(scenario: Scenario, implementation: Implementation, profile: Profile) -> Observation:
    """Run ``scenario`` on ``implementation`` and return what was seen.

    Exceptions of the implementation are results; a mistake of the harness itself is the
    observation's ``harness_error``.
    """
    if implementation.own_resolver and _redirected(scenario):
        return Observation(scenario, not_applicable="the implementation resolves names itself")
    if why := not_offered(scenario, implementation.without):
        return Observation(scenario, not_applicable=why)
    if why := lacking_for(scenario, implementation):
        return Observation(scenario, not_testable=why)
    try:
        return _Run(scenario, implementation, profile).observe()
    except Exception:
        return Observation(scenario, harness_error=traceback.format_exc(limit=-6))


def _redirected(scenario: Scenario) -> tuple[str, ...]:
    """The hosts of ``scenario`` whose names are redirected to loopback."""
    hosts = dict.fromkeys(call.host for _, call in calls_of(scenario))
    return tuple(host for host in hosts if is_redirected(host))


class _Run:
    """One run: what it is made of lives as long as ``observe`` lasts."""

    def __init__(
        self, scenario: Scenario, implementation: Implementation, profile: Profile
    ) -> None:
        self.given = scenario
        # As it is played, with passwords of the run's own.
        self.scenario = planted(scenario)
        self.implementation = implementation
        self.profile = profile
        self.journal = Journal()
        self.authorities = Authorities()
        self.results: list[Result] = []
        self.absent: set[str] = set()
        self.left: list[Said] = []
        self.stopped = False
        self.releasing: list[tuple[Armed, int]] = []

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
            issuers = {
                name: stack.enter_context(
                    start_issuer(spec, targets[name], self.journal, self.authorities)
                )
                for name, spec in specs.items()
                if spec.issuer is not None
            }
            # Before a client can shut a target down, which then has no URL any more.
            seen = tuple(
                TargetSeen(name, target.url, target.port, specs[name].base_path)
                for name, target in targets.items()
            ) + tuple(
                TargetSeen(issuer.name, issuer.url, issuer.port, issuer_of=name)
                for name, issuer in issuers.items()
            )
            self.resources = CallResources(folder, self.authorities, targets, specs, issuers)
            stack.callback(self.resources.close)
            write_netrc(scenario, home, self.resources)
            stack.enter_context(
                surroundings(home, temporary, variables_of(scenario, self.resources))
            )
            left = LeftFiles([folder], machines if scenario.listens else None)
            stack.callback(self._read_left, left, (home, temporary))
            self.executor = self._executor(stack)
            for index, step in enumerate(scenario.steps):
                if self.stopped:
                    break
                self._execute(step, (index,))
            self.resources.secrets += tokens_of(issuers)
        # Read when all is closed: a connection tells only then how many bytes it carried.
        self._wait_until_recorded("the run")
        events, noted = self.journal.events, self.executor.noted()
        return Observation(
            self.given,
            tuple(self.results),
            events,
            seen,
            dict(self.resources.presented),
            noted.asked,
            tuple(dict.fromkeys(self.resources.secrets)),
            noted.resolved,
            noted.terminal,
            (*noted.said, *self.left),
            silent_ports=self.resources.silent_ports,
            harness_error=next(
                (event.text for event in events if isinstance(event, HarnessError)), None
            ),
            played=self.scenario,
        )

    def _read_left(self, left: LeftFiles, folders: tuple[Path, ...]) -> None:
        """Read what the implementation left, once its sessions are closed."""
        last = (len(self.scenario.steps) - 1,)
        for file in left.read((*self.resources.written, *folders)):
            self.left.append(Said("a file that was left behind", file.text, last, file.cut))

    def _executor(self, stack: ExitStack) -> InProcessExecutor | FreshProcess:
        types = {
            spec.name: dict(spec.data_types)
            for target in self.scenario.targets
            for spec in target.tables
        }
        environment = self._process_environment()
        if self.scenario.isolation == "process":
            # What its first connect changes is seen in a process that had none yet.
            if self.scenario.inspects and self.implementation.imported_by_connect is not None:
                return self._fresh_process(types, environment, stack)
            fresh = self._fresh_process(types, environment, stack)
            self.implementation.imported_by_connect = self._warm_up(fresh)
            again = self.scenario.inspects or fresh.spent
            return self._fresh_process(types, environment, stack) if again else fresh
        captured = stack.enter_context(applied(environment))
        inspection = None
        if environment.inspects:
            from connect_contracts.execution.inspection import Inspection

            inspection = Inspection(own=False)
        executor = InProcessExecutor(self.implementation, types, captured, inspection)
        stack.callback(executor.end, ENDING_LIMIT)
        return executor

    def _fresh_process(
        self, types: DataTypes, environment: ProcessEnvironment, stack: ExitStack
    ) -> FreshProcess:
        from connect_contracts.execution.fresh_process import FreshProcess

        fresh = FreshProcess(self.implementation, types, environment)
        stack.callback(fresh.end, ENDING_LIMIT)
        return fresh

    def _warm_up(self, fresh: FreshProcess) -> tuple[str, ...]:
        spec = TargetSpec(secure=False)
        with start_target(
            spec, Journal(), self.authorities, self.implementation, self.profile
        ) as target:
            arguments = Arguments(scheme="http", host="localhost", port=target.port)
            # No longer than a step.
            return fresh.warm_up(arguments, min(WARM_UP_LIMIT, self.scenario.limit))

    def _process_environment(self) -> ProcessEnvironment:
        scenario = self.scenario
        trusted = None
        if scenario.trusted:
            pem = [self.authorities.authority(name).certificate_pem for name in scenario.trusted]
            trusted = str(self.resources.write("trusted_authorities.pem", b"".join(pem)))
        return ProcessEnvironment(
            trusted,
            self.implementation.trust_store,
            _redirected(scenario),
            scenario.listens,
            has_terminal=scenario.isolation == "process",
            inspects=scenario.inspects,
        )

    def _execute(self, step: Step, place: Place) -> None:
        match step:
            case Own():
                self._execute_own(step, place)
            case Together():
                with self._releasing(step):
                    self._execute_together(step, place)
            case _ if (prepared := self._prepared(step, place)) is not None:
                with self._releasing(step):
                    self._execute_in_session(step, prepared, place)
                self._settle(place)

    @contextmanager
    def _releasing(self, step: Connect | Use | Together) -> Iterator[None]:
        """Have what faults hold released meanwhile, once that is as much as it is to be."""
        releasing, self.releasing = self.releasing, []
        if not releasing:
            yield
            return
        interrupted = isinstance(step, Connect) and step.interrupted
        limit = self.scenario.limit if interrupted else MEETING_LIMIT

        def release() -> None:
            for armed, number in releasing:
                if armed.wait_until_held(number, limit) and interrupted:
                    self._fresh().interrupt()
                armed.release()

        thread = threading.Thread(target=release, name="release")
        thread.start()
        try:
            yield
        finally:
            for armed, _ in releasing:
                armed.release()
            thread.join()

    def _fresh(self) -> FreshProcess:
        assert not isinstance(self.executor, InProcessExecutor)
        return self.executor

    def _prepared(self, step: Connect | Use, place: Place) -> Use | Arguments | None:
        """What the executor is given; ``None`` for a session that is not there."""
        if isinstance(step, Connect):
            return resolve(step.call, self.resources, _name(place)).but(times=step.times)
        return None if step.session in self.absent else step

    def _execute_in_session(
        self, step: Connect | Use, given: Use | Arguments, place: Place
    ) -> bool:
        """Executes it; whether another step may follow."""
        what = "connect" if isinstance(step, Connect) else step.action
        began = self.journal.mark(f"{_name(place)} {step.session} {what}").number
        arguments = (step.session, given, self.scenario.limit, place)
        if isinstance(step, Connect) and step.interrupted:
            result = self._fresh().execute(*arguments, interruptible=True)
        else:
            result = self.executor.execute(*arguments)
        ended = self.journal.mark(f"{_name(place)} {result.how}").number
        release = played_release(self.implementation, self.profile)
        undocumented = result.part is not None and not has_part(release, result.part)
        self.results.append(
            msgspec.structs.replace(
                result,
                place=place,
                who=step.session,
                what=what,
                began=began,
                ended=ended,
                undocumented=undocumented,
            )
        )
        if isinstance(step, Connect):
            # A session that was not there may come with a later connect of the same name.
            change = self.absent.discard if result.how == "returned" else self.absent.add
            change(step.session)
        ends = result.how in ("hung", "part missing", "adapter wrong")
        self.stopped = self.stopped or ends
        return not ends

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

    def _execute_together(self, step: Together, place: Place) -> None:
        began = self.journal.mark(f"{_name(place)} together").number
        barrier = threading.Barrier(len(step.branches))
        # Files are written and tokens issued before the branches start.
        prepared = [
            [
                (inner, self._prepared(inner, (*place, number, at)), (*place, number, at))
                for at, inner in enumerate(branch)
            ]
            for number, branch in enumerate(step.branches)
        ]

        def execute(branch: list[tuple[Connect | Use, Use | Arguments | None, Place]]) -> None:
            barrier.wait()
            for inner, given, at in branch:
                there = isinstance(inner, Connect) or inner.session not in self.absent
                if given is None or not there:
                    continue
                # What ended another branch does not count: by when, each run would differ.
                if not self._execute_in_session(inner, given, at):
                    return

        with ThreadPoolExecutor(len(prepared)) as pool:
            branches = [pool.submit(execute, branch) for branch in prepared]
        for branch in branches:
            # An exception there is a mistake of the harness: results hold what steps raised.
            branch.result()
        results = [result for result in self.results if result.place[:-2] == place]
        wrong = next((result for result in results if result.how != "returned"), None)
        together = Result(place, "all", "together", "returned", began=began)
        if wrong is not None:
            together = msgspec.structs.replace(wrong, place=place, began=began)
        self.results.append(together)
        self._settle(place)

    def _execute_own(self, step: Own, place: Place) -> None:
        began = self.journal.mark(f"{_name(place)} owner {step.action}").number
        try:
            value = execute_own(step, self.resources, self.releasing)
            result = Result(place, "owner", step.action, "returned", value)
        except OwnerRefused as error:
            result = Result(place, "owner", step.action, "raised", raised=raised(error))
        self.journal.mark(f"{_name(place)} {result.how}")
        self.results.append(msgspec.structs.replace(result, began=began))
        self._settle(place)


def _name(place: Place) -> str:
    return ".".join(str(index + 1) for index in place)
