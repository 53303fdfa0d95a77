"""Who a visitor is for the real ``serve``: without a proxy the peer alone, with proxies what they
say, and never what the visitor says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.serving import seen, served, wish

HERE = {
    "address": "127.0.0.1",
    "counted as": "127.0.0.1",
    "scheme": "http",
    "host": "here.example",
}
FORGED = (
    "X-Forwarded-For: 203.0.113.7",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Port: 99",
    "X-Forwarded-Prefix: /evil",
    "X-Real-IP: 203.0.113.7",
    "Forwarded: for=203.0.113.7;host=evil.example;proto=https",
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(tmp_path_factory.mktemp("alone")) as port:
        yield port


@pytest.fixture(scope="module")
def behind_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(tmp_path_factory.mktemp("one"), trusted_proxies="1") as port:
        yield port


@pytest.fixture(scope="module")
def behind_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(tmp_path_factory.mktemp("two"), trusted_proxies="2") as port:
        yield port


def test_without_a_proxy_forged_headers_have_no_effect(alone: int) -> None:
    assert seen(alone, *FORGED) == HERE


def test_behind_a_proxy_address_scheme_and_host_are_the_visitors(behind_one: int) -> None:
    assert seen(
        behind_one,
        "X-Forwarded-For: 203.0.113.7",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: relecture.example.org",
    ) == {
        "address": "203.0.113.7",
        "counted as": "203.0.113.7",
        "scheme": "https",
        "host": "relecture.example.org",
    }


def test_behind_a_proxy_what_the_visitor_wrote_before_it_is_not_believed(behind_one: int) -> None:
    both = seen(
        behind_one,
        "X-Forwarded-For: 198.51.100.1, 192.0.2.1",
        "X-Forwarded-For: 203.0.113.7",
        "Forwarded: for=198.51.100.1;host=evil.example;proto=https",
        "X-Real-IP: 198.51.100.1",
        "X-Forwarded-Prefix: /evil",
        "X-Forwarded-Port: 99",
    )
    assert both == HERE | {"address": "203.0.113.7", "counted as": "203.0.113.7"}


@pytest.mark.parametrize(
    "garbled",
    [
        "",
        ",,,",
        "unknown",
        "_hidden",
        "unix:",
        "unix:/run/relecture.sock",
        "203.0.113.7:99999999",
        "203.0.113.007x",
        "[2001:db8::1",
        "2001:db8::1]:4711",
        "203.0.113.7,",
        "203.0.113.7;DROP",
        "\xe9",
        "9" * 10_000,
        "203.0.113.7, " + "[" * 10_000,
    ],
)
def test_behind_a_proxy_whoever_has_no_legible_address_is_counted_as_the_proxy(
    behind_one: int, garbled: str
) -> None:
    assert seen(behind_one, f"X-Forwarded-For: {garbled}") == HERE


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-Proto: javascript",
        "X-Forwarded-Proto: ,",
        "X-Forwarded-Host: a/b",
        "X-Forwarded-Host: user@evil.example",
        "X-Forwarded-Host: evil.example:99999",
        "X-Forwarded-Host: <script>",
        "X-Forwarded-Host: " + "a" * 10_000,
    ],
)
def test_behind_a_proxy_a_garbled_scheme_or_host_changes_nothing(
    behind_one: int, header: str
) -> None:
    assert seen(behind_one, header) == HERE


def test_behind_a_proxy_missing_headers_leave_the_request_as_it_came(behind_one: int) -> None:
    assert seen(behind_one) == HERE


@pytest.mark.parametrize(
    ("written", "address", "counted"),
    [
        ("203.0.113.7:4711", "203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3::4]:4711", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2:3::4]"', "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:4711", "203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
    ],
)
def test_an_address_is_counted_without_its_port_and_an_ipv6_one_by_its_network(
    behind_one: int, written: str, address: str, counted: str
) -> None:
    known = seen(behind_one, f"X-Forwarded-For: {written}")
    assert (known["address"], known["counted as"]) == (address, counted)


def test_behind_two_proxies_the_entry_of_the_outer_one_counts(behind_two: int) -> None:
    known = seen(
        behind_two,
        "X-Forwarded-For: 198.51.100.1, 203.0.113.7, 192.0.2.10",
        "X-Forwarded-Proto: https, http",
        "X-Forwarded-Host: evil.example, relecture.example.org, inner.example",
    )
    assert known == {
        "address": "203.0.113.7",
        "counted as": "203.0.113.7",
        "scheme": "https",
        "host": "relecture.example.org",
    }


def test_behind_two_proxies_a_scheme_that_the_inner_one_passes_on_counts(behind_two: int) -> None:
    known = seen(behind_two, "X-Forwarded-For: 203.0.113.7, 192.0.2.10", "X-Forwarded-Proto: https")
    assert (known["address"], known["scheme"]) == ("203.0.113.7", "https")


def test_who_comes_past_the_outer_of_two_proxies_cannot_choose_an_address(behind_two: int) -> None:
    assert seen(behind_two, "X-Forwarded-For: 192.0.2.10")["address"] == "127.0.0.1"


def test_visitors_behind_a_proxy_do_not_use_up_each_others_mails(behind_one: int) -> None:
    first = [wish(behind_one, "203.0.113.7", f"somebody-{n}@example.org") for n in range(31)]
    assert first[-1] == 429 and 429 not in first[:30]
    assert wish(behind_one, "203.0.113.8", "lea@example.org") == 200
    assert wish(behind_one, "2001:db8:1:2::1", "noe@example.org") == 200
