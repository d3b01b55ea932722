"""Files given as ``certificate_authority`` that do not serve."""

from __future__ import annotations

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.authority_content import END, right, written
from connect_contracts.execution.call_defects.registry import call_defect


@call_defect("authority file not given")
def not_given(arguments: Arguments, _: CallResources) -> Arguments:
    """``certificate_authority`` is left out, although the target's authority is a private one."""
    return arguments.with_authority_file(None)


@call_defect("file of another authority")
def of_another(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds another authority than the target's."""
    return arguments.with_authority_file(resources.authority_file("another authority"))


@call_defect("file of another authority of the same name")
def of_another_of_the_same_name(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds an authority with the subject of the target's, and another key."""
    return arguments.with_authority_file(resources.namesake_file())


@call_defect("missing file")
def missing(arguments: Arguments, resources: CallResources) -> Arguments:
    """There is no file at the path."""
    return arguments.with_authority_file(resources.folder / "missing.pem")


@call_defect("directory")
def directory(arguments: Arguments, resources: CallResources) -> Arguments:
    """The path is that of a directory, which holds the right authority's file."""
    path = resources.new_folder("authorities")
    resources.authority_file("authority", folder=path)
    return arguments.with_authority_file(path)


@call_defect("below a regular file")
def below_a_regular_file(arguments: Arguments, resources: CallResources) -> Arguments:
    """The path goes through a regular file as if that were a directory."""
    return arguments.with_authority_file(resources.write("file", b"text") / "authority.pem")


@call_defect("loop of links")
def loop_of_links(arguments: Arguments, resources: CallResources) -> Arguments:
    """The path is a symbolic link to itself."""
    path = resources.folder / "loop.pem"
    path.symlink_to(path)
    return arguments.with_authority_file(path)


@call_defect("empty file")
def empty(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file is empty."""
    return arguments.with_authority_file(resources.write("empty.pem", b""))


@call_defect("no certificate in the file")
def no_certificate(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds text, and no certificate."""
    return arguments.with_authority_file(resources.write("text.pem", b"no certificate\n"))


@call_defect("damaged certificate")
def damaged(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds the first half of the right authority's certificate."""
    pem = resources.authority_file("authority").read_bytes()
    return arguments.with_authority_file(resources.write("half.pem", pem[: len(pem) // 2]))


@call_defect("one good certificate and one damaged")
def good_and_damaged(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds the right authority, and after it half a certificate."""
    pem = resources.authority_file("authority").read_bytes()
    return arguments.with_authority_file(resources.write("both.pem", pem + pem[: len(pem) // 2]))


@call_defect("one damaged certificate and one good")
def damaged_and_good(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds half a certificate with its end line, and after it the right authority."""
    pem = right(resources)
    half = pem[: len(pem) // 2].rpartition("\n")[0]
    return written(arguments, resources, f"{half}\n{END}\n{pem}")
