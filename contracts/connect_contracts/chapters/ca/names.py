"""Names of certificates that are right: DNS names, addresses, wildcards, A-labels."""

from __future__ import annotations

from connect_contracts.chapters.builder import https
from connect_contracts.chapters.ca.chapter import CA_10, CA_11, CA_19, CHAPTER, believed, observed
from connect_contracts.chapters.case import Story
from connect_contracts.model.clause import Depth
from connect_contracts.model.scenario import Host

DNS = "RFC 9525 6.3"
ADDRESS = "RFC 9525 6.4"


def _named(name: str, host: Host) -> Story:
    return believed(https(names=(name,)), host)


@CHAPTER.case(CA_10, rule=DNS)
def right_dns_name() -> Story:
    """The leaf has the DNS name of the URL, and no IP address."""
    return _named("localhost", "localhost")


@CHAPTER.case(CA_10, recipe="ok/ip", rule=ADDRESS)
def right_ip() -> Story:
    """The leaf has the IP address of the URL, and no DNS name."""
    return _named("127.0.0.1", "127.0.0.1")


@CHAPTER.case(CA_10, recipe="name/ipv6", rule=ADDRESS)
def right_ipv6() -> Story:
    """The leaf has the IPv6 address of the URL, and no DNS name."""
    return _named("::1", "::1")


@CHAPTER.case(CA_10, recipe="name/ipv6-long", rule=ADDRESS, depth=Depth.FULL)
def right_ipv6_written_long() -> Story:
    """The leaf has the IPv6 address of the URL, which writes it with all its zeros."""
    return _named("::1", "0:0:0:0:0:0:0:1")


@CHAPTER.case(CA_10, recipe="name/idna-alabel", rule=DNS)
def a_label() -> Story:
    """The leaf has an international name as A-label, and so has the URL."""
    return _named("xn--bcher-kva.test", "xn--bcher-kva.test")


@CHAPTER.case(CA_11, recipe="name/wildcard", rule=DNS)
def one_label() -> Story:
    """The leaf's wildcard stands for the first label of the URL's host."""
    return _named("*.example.test", "a.example.test")


@CHAPTER.case(CA_11, recipe="name/wildcard-alabel", rule=DNS, depth=Depth.FULL)
def one_a_label() -> Story:
    """The leaf's wildcard stands for a first label that is an A-label."""
    return _named("*.example.test", "xn--bcher-kva.example.test")


def _either_way(name: str, host: Host) -> Story:
    return observed(https(names=(name,)), host)


@CHAPTER.case(CA_19, recipe="name/idna-ulabel")
def u_label() -> Story:
    """The leaf has an international name as A-label, and the URL has it as U-label."""
    return _either_way("xn--bcher-kva.test", "bücher.test")


@CHAPTER.case(CA_19, recipe="name/idna-2008-sharp-s", depth=Depth.FULL)
def sharp_s() -> Story:
    """The URL's host has a sharp s, and the leaf the A-label that IDNA 2008 makes of it."""
    return _either_way("xn--strae-oqa.test", "straße.test")


@CHAPTER.case(CA_19, recipe="name/underscore", depth=Depth.FULL)
def underscore() -> Story:
    """Leaf and URL have a name with an underscore, which no host name may have."""
    return _either_way("a_b.example.test", "a_b.example.test")


@CHAPTER.case(CA_19, recipe="name/trailing-dot")
def trailing_dot_in_the_url() -> Story:
    """The URL's host ends in a dot, and the leaf has it without."""
    return _either_way("localhost", "localhost.")
