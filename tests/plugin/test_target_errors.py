"""A test in which a fake target itself made a mistake fails, and says what happened."""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["pytester"]

BROKEN = """
import threading
import urllib.error, urllib.request
import pytest

class Broken:
    def answer(self, request, honest):
        raise LookupError("lost")

def ask(target):
    '''As an application that goes on after an error of the server.'''
    target._application.faults = Broken()
    with pytest.raises(urllib.error.HTTPError, match="500"):
        urllib.request.urlopen(target.url + "/versions/rest")

class Late:
    def __init__(self):
        self.asked = threading.Event()
        self.over = threading.Event()

    def answer(self, request, honest):
        self.asked.set()
        self.over.wait(10)
        raise LookupError("late")
"""


@pytest.fixture
def broken(project: Any) -> Any:
    """The project, with a module by which a target makes a mistake."""
    project.write(broken=BROKEN)
    return project


@pytest.mark.parametrize(
    ("fixture", "workers"),
    [
        ("connect_unsecure_target", ("-n", "1")),
        ("connect_secure_target", ()),
        ("connect_target_factory", ()),
    ],
)
def test_the_test_fails_in_which_it_happened(
    broken: Any, fixture: str, workers: tuple[str, ...]
) -> None:
    started = f"{fixture}()" if fixture == "connect_target_factory" else fixture
    broken.write(
        f"""
        from broken import ask

        def test_before({fixture}):
            assert {started}.url

        def test_broken({fixture}):
            ask({started})

        def test_after({fixture}):
            assert {started}.url
        """
    )
    result = broken.run(*workers)
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_broken*",
            "The fake target 'target' failed on GET /versions/rest. This is a mistake of the "
            "target, not of the client under test:",
            "*LookupError: lost",
            "ERROR *::test_broken*",
        ]
    )


def test_a_test_that_is_expected_to_fail_hides_no_mistake_of_the_target(
    broken: Any,
) -> None:
    """Else the mistake could be the very reason for which the test fails as expected."""
    broken.write(
        """
        import pytest
        from broken import ask

        @pytest.mark.xfail(strict=True)
        def test_broken(connect_unsecure_target):
            ask(connect_unsecure_target)
            assert False
        """
    )
    result = broken.run()
    result.assert_outcomes(xfailed=1, errors=1)
    assert result.ret == 1


def test_over_tls(broken: Any) -> None:
    broken.write(
        """
        import ssl, urllib.error, urllib.request
        import pytest
        from broken import Broken

        def test_broken(connect_mtls_target, connect_certificates):
            connect_mtls_target._application.faults = Broken()
            context = ssl.create_default_context(
                cafile=connect_certificates.certificate_authority
            )
            files = connect_certificates.client_certificate("admin")
            context.load_cert_chain(files.certificate, files.keyfile)
            with pytest.raises(urllib.error.HTTPError, match="500"):
                urllib.request.urlopen(connect_mtls_target.url + "/versions/rest", context=context)
        """
    )
    result = broken.run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["The fake target 'target' failed on GET /versions/rest.*"])


def test_a_target_that_outlives_its_test_fails_each_test_once(broken: Any) -> None:
    broken.write(
        """
        import urllib.request
        import pytest
        from broken import ask

        @pytest.fixture(scope="module")
        def target(connect_target_factory):
            return connect_target_factory(name="shared")

        def test_broken(target):
            ask(target)

        def test_sound(target):
            target._application.faults = None
            assert urllib.request.urlopen(target.url + "/versions/rest").status == 200

        def test_broken_again(target):
            ask(target)
        """
    )
    result = broken.run()
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.no_fnmatch_line("*ERROR*test_sound*")
    assert result.stdout.str().count("The fake target 'shared' failed on") == 2


def test_a_journal_of_ones_own_is_read_from_where_it_was(broken: Any) -> None:
    broken.write(
        """
        from broken import ask
        from connect_harness import Journal, TargetSession

        journal = Journal()

        def test_without_the_fixtures():
            with TargetSession.start(journal=journal) as target:
                ask(target)

        def test_sound(connect_target_factory):
            connect_target_factory(journal=journal)

        def test_broken(connect_target_factory):
            with connect_target_factory(journal=journal) as target:
                ask(target)
        """
    )
    result = broken.run("-p", "no:randomly")
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["ERROR *::test_broken*"])


def test_a_teardown_that_fails_says_it_too(broken: Any) -> None:
    broken.write(
        """
        import urllib.request
        import pytest
        from broken import ask

        @pytest.fixture
        def failing():
            yield
            raise RuntimeError("not today")

        def test_broken(failing, connect_unsecure_target):
            ask(connect_unsecure_target)
        """
    )
    result = broken.run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*RuntimeError: not today", "*The fake target 'target' failed*"])


def test_a_mistake_after_the_target_was_closed(broken: Any) -> None:
    """An answer that the target is still working on when its test is over."""
    broken.write(
        """
        import threading, urllib.request
        import pytest
        from broken import Late

        @pytest.fixture
        def late():
            late = Late()
            yield late
            # The target is closed by now.
            late.over.set()

        def request(target):
            try:
                urllib.request.urlopen(target.url + "/versions/rest")
            except OSError:
                pass

        def test_late(late, connect_unsecure_target):
            connect_unsecure_target._application.faults = late
            threading.Thread(target=request, args=(connect_unsecure_target,)).start()
            assert late.asked.wait(10)
        """
    )
    result = broken.run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["The fake target 'target' failed on GET /versions/rest.*"])
