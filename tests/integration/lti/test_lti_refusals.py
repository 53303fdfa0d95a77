"""Every launch that must be refused, each with its own code, and none of them makes a launch or
uses a state up."""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws, jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select

from engine.storage.tables import LtiHealth, LtiRegistration, LtiState
from lti.launch import login
from lti.wire import names
from lti.wire.reasons import LaunchReason
from lti.wire.refusals import LaunchRefused
from tests.integration.lti import lms as platform
from tests.integration.lti.lms import LAUNCH, NOW, Attempt, Town, attempt, login_params, own, rsa
from tests.reasons import codes

pytestmark = pytest.mark.both_databases

Spoil = Callable[[Attempt], Any]


@dataclass(frozen=True)
class Case:
    """What is spoiled, and the code it must be refused with."""

    name: str
    code: str
    spoil: Spoil


def claim(name: str, value: Any) -> Spoil:
    return lambda tried: tried.claims.__setitem__(name, value)


def without(*claims: str) -> Spoil:
    return lambda tried: [tried.claims.pop(name) for name in claims]


def header(**fields: Any) -> Spoil:
    return lambda tried: tried.header.update(fields)


def signed(how: Callable[[Attempt], str]) -> Spoil:
    return lambda tried: setattr(tried, "sign", how)


def params(**fields: str | None) -> Spoil:
    return lambda tried: tried.params.update(fields)


def at(**delta: float) -> Callable[[str], Spoil]:
    return lambda name: claim(name, int((NOW + timedelta(**delta)).timestamp()))


def together(*spoils: Spoil) -> Spoil:
    return lambda tried: [spoil(tried) for spoil in spoils]


def deep_linking_without(setting: str) -> Spoil:
    def spoil(tried: Attempt) -> None:
        platform.deep_linking(tried.claims)
        del tried.claims[names.DL_SETTINGS][setting]

    return spoil


def b64(said: Any) -> str:
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(tried: Attempt) -> str:
    return f"{b64({'alg': 'none', 'typ': 'JWT', 'kid': 'platform'})}.{b64(tried.claims)}."


def by_public_key(tried: Attempt) -> str:
    body = f"{b64({'alg': 'HS256', 'kid': 'platform'})}.{b64(tried.claims)}"
    return (
        f"{body}.{b64(hmac.digest(rsa('platform').as_pem(private=False), body.encode(), 'sha256'))}"
    )


def with_algorithm(algorithm: str) -> Callable[[Attempt], str]:
    def sign(tried: Attempt) -> str:
        key = RSAKey.import_key(rsa("platform").as_pem(private=True))
        return jwt.encode(
            {"alg": algorithm, "kid": "platform"}, tried.claims, key, algorithms=[algorithm]
        )

    return sign


def tampered(tried: Attempt) -> str:
    head, _, signature_ = jwt.encode(
        tried.header, tried.claims, rsa("platform"), algorithms=["RS256"]
    ).split(".")
    return f"{head}.{b64({**tried.claims, 'sub': 'somebody-else'})}.{signature_}"


def not_an_object(tried: Attempt) -> str:
    return jws.serialize_compact(tried.header, b'["iss"]', rsa("platform"), algorithms=["RS256"])


def twice(tried: Attempt) -> str:
    said = json.dumps(tried.claims)[:-1] + ', "sub": "somebody-else"}'
    return jws.serialize_compact(tried.header, said.encode(), rsa("platform"), algorithms=["RS256"])


def half_a_pair(tried: Attempt) -> str:
    said = json.dumps({**tried.claims, "name": "\ud800"})
    return jws.serialize_compact(tried.header, said.encode(), rsa("platform"), algorithms=["RS256"])


def nul(tried: Attempt) -> str:
    said = json.dumps({**tried.claims, "name": "L\0a"})
    return jws.serialize_compact(tried.header, said.encode(), rsa("platform"), algorithms=["RS256"])


def half_a_pair_in_bytes(tried: Attempt) -> str:
    said = json.dumps({**tried.claims, "name": "?!?"}).encode().replace(b"?!?", b"\xed\xa0\x80")
    return jws.serialize_compact(tried.header, said, rsa("platform"), algorithms=["RS256"])


def own_key(name: str) -> Spoil:
    """The attacker signs with a key of their own and says so in the header."""
    values = {
        "jku": "https://evil.example/jwks",
        "x5u": "https://evil.example/x5u",
        "jwk": dict(rsa("attacker").as_dict(private=False)),
        "x5c": ["MIIB"],
        "crit": ["exp"],
    }

    def sign(tried: Attempt) -> str:
        head = {"alg": "RS256", "kid": "platform", name: values[name]}
        body = f"{b64(head)}.{b64(tried.claims)}"
        key = rsa("attacker").private_key
        assert key is not None
        return f"{body}.{b64(key.sign(body.encode(), PKCS1v15(), SHA256()))}"

    return signed(sign)


def other_tenants_key(tried: Attempt) -> None:
    """A village's platform signs, rightly, with a key of the village's set, for the town's
    registration."""
    tried.there.lms.routes["/village"] = lambda _: platform.Reply.json(
        {"keys": platform.public("village")}
    )
    village = tried.there.register(
        tenant="village", client_id="client-2", keys_url=tried.there.lms.url("/village")
    )
    tried.there.keys.fetch(village)
    tried.header["kid"], tried.key = "village", rsa("village")


def for_other_registration(tried: Attempt) -> None:
    """A right token of this platform for its other registration."""
    tried.there.register(tenant="village", client_id="client-2")
    tried.claims["aud"] = "client-2"


def disabled(tried: Attempt) -> None:
    with tried.there.db.write("town") as session:
        session.get_one(LtiRegistration, ("town", tried.there.registration.id)).enabled = False
        session.commit()


def other_state(tried: Attempt) -> None:
    """The nonce of another login of the same browser."""
    tried.claims["nonce"] = attempt(tried.there).begun.nonce


def replayed_nonce(tried: Attempt) -> None:
    """The nonce of a launch that already happened."""
    before = attempt(tried.there)
    before.post()
    tried.claims["nonce"] = before.claims["nonce"]


def reused(tried: Attempt) -> None:
    tried.post()


def off_host(tried: Attempt) -> None:
    """The page was ours at login, and is no page of ours any more."""
    tried.there.receiver = platform.Receiver(
        tried.there.units, tried.there.keys, lambda _url: False
    )


CASES = (
    # OpenID Connect: signature and header
    Case("bad-signature", "signature-bad", signed(tampered)),
    Case(
        "signed-by-another-key-under-a-known-kid",
        "signature-bad",
        lambda tried: setattr(tried, "key", rsa("attacker")),
    ),
    Case("alg-none", "algorithm-refused", signed(unsigned)),
    Case("alg-hs256-with-the-public-key", "algorithm-refused", signed(by_public_key)),
    *(
        Case(f"alg-{name.lower()}", "algorithm-refused", signed(with_algorithm(name)))
        for name in ("RS384", "RS512", "PS256")
    ),
    *(
        Case(f"header-{name}", "header-key-refused", own_key(name))
        for name in ("jku", "x5u", "jwk", "x5c", "crit")
    ),
    Case("kid-missing", "kid-missing", lambda tried: tried.header.pop("kid")),
    Case(
        "kid-not-text",
        "kid-missing",
        signed(lambda tried: f"{b64({'alg': 'RS256', 'kid': 7})}.{b64(tried.claims)}.c2ln"),
    ),
    Case("kid-unknown-after-one-refetch", "kid-unknown", header(kid="nobody")),
    Case("key-of-another-tenants-set", "kid-unknown", other_tenants_key),
    Case("id-token-missing", "token-missing", params(id_token=None)),
    Case("not-a-jwt", "token-malformed", params(id_token="not a token")),
    Case("two-parts", "token-malformed", params(id_token="e30.e30")),
    Case("five-parts-as-if-encrypted", "token-malformed", params(id_token="e30.e30.e30.e30.e30")),
    Case("header-not-base64", "token-malformed", params(id_token="é.e30.e30")),
    Case("header-not-json", "token-malformed", params(id_token="bm8.e30.e30")),
    Case("payload-not-an-object", "token-malformed", signed(not_an_object)),
    Case("a-claim-twice", "token-malformed", signed(twice)),
    Case("text-that-is-no-unicode", "token-malformed", signed(half_a_pair)),
    Case("bytes-that-are-no-unicode", "token-malformed", signed(half_a_pair_in_bytes)),
    Case("text-with-nul", "token-malformed", signed(nul)),
    # OpenID Connect: claims
    Case("issuer-unknown", "issuer-mismatch", claim("iss", "https://elsewhere.example")),
    Case("issuer-missing", "issuer-mismatch", without("iss")),
    Case("issuer-with-a-slash-more", "issuer-mismatch", claim("iss", "https://lms.example.org/")),
    Case("aud-of-somebody-else", "audience-missing", claim("aud", "somebody-else")),
    Case("aud-missing", "audience-missing", without("aud")),
    Case("aud-list-without-us", "audience-missing", claim("aud", ["somebody-else"])),
    Case(
        "aud-extra-untrusted",
        "audience-untrusted",
        together(claim("aud", ["client-1", "stranger"]), claim("azp", "client-1")),
    ),
    Case("aud-several-without-azp", "azp-missing", claim("aud", ["client-1", "sister"])),
    Case("azp-not-ours", "azp-mismatch", claim("azp", "somebody-else")),
    Case(
        "azp-not-ours-among-several",
        "azp-mismatch",
        together(claim("aud", ["client-1", "sister"]), claim("azp", "sister")),
    ),
    Case("token-of-another-registration", "audience-missing", for_other_registration),
    Case("exp-past", "expired", at(minutes=-2)("exp")),
    Case("exp-missing", "exp-missing", without("exp")),
    Case("exp-not-a-number", "exp-missing", claim("exp", "tomorrow")),
    Case("iat-missing", "iat-missing", without("iat")),
    Case("iat-stale", "iat-stale", at(minutes=-12)("iat")),
    Case("iat-future", "iat-future", at(minutes=2)("iat")),
    Case("nbf-future", "nbf-future", at(minutes=2)("nbf")),
    Case("nonce-missing", "nonce-missing", without("nonce")),
    Case("nonce-empty", "nonce-missing", claim("nonce", "")),
    Case("nonce-invented", "nonce-mismatch", claim("nonce", "invented")),
    Case("nonce-no-text", "nonce-missing", claim("nonce", 7)),
    Case("nonce-from-another-state", "nonce-mismatch", other_state),
    Case("nonce-replayed", "nonce-mismatch", replayed_nonce),
    Case("sub-missing", "subject-missing", without("sub")),
    Case("sub-empty", "subject-missing", claim("sub", "")),
    Case("sub-over-255", "subject-missing", claim("sub", "x" * 256)),
    # LTI: message
    Case("version-missing", "version-wrong", without(names.VERSION)),
    Case("version-wrong", "version-wrong", claim(names.VERSION, "1.1.0")),
    Case("message-type-missing", "message-type-wrong", without(names.MESSAGE_TYPE)),
    Case(
        "message-type-unknown",
        "message-type-wrong",
        claim(names.MESSAGE_TYPE, "LtiStartProctoring"),
    ),
    Case(
        "message-type-no-text",
        "message-type-wrong",
        claim(names.MESSAGE_TYPE, ["LtiResourceLinkRequest"]),
    ),
    Case("deployment-missing", "deployment-missing", without(names.DEPLOYMENT)),
    Case("deployment-empty", "deployment-missing", claim(names.DEPLOYMENT, "")),
    Case("deployment-over-255", "deployment-too-long", claim(names.DEPLOYMENT, "d" * 256)),
    Case("deployment-unknown", "deployment-unknown", claim(names.DEPLOYMENT, "deployment-9")),
    Case("target-missing", "target-missing", without(names.TARGET)),
    Case(
        "target-other-than-the-logins",
        "target-mismatch",
        claim(names.TARGET, f"{platform.TOOL}/lti/choose"),
    ),
    Case("target-off-host", "target-foreign", off_host),
    Case("resource-link-missing", "resource-link-missing", without(names.RESOURCE_LINK)),
    Case(
        "resource-link-without-id",
        "resource-link-missing",
        claim(names.RESOURCE_LINK, {"title": "Semaine 3"}),
    ),
    Case("roles-absent", "roles-missing", without(names.ROLES)),
    Case("roles-null", "roles-missing", claim(names.ROLES, None)),
    Case("context-without-id", "claim-malformed", claim(names.CONTEXT, {"title": "Économie"})),
    Case("context-no-object", "claim-malformed", claim(names.CONTEXT, "Économie")),
    Case(
        "deep-linking-without-return-url",
        "deep-linking-return-missing",
        deep_linking_without("deep_link_return_url"),
    ),
    Case(
        "deep-linking-without-accept-types",
        "deep-linking-types-missing",
        deep_linking_without("accept_types"),
    ),
    Case(
        "submission-review-without-whom",
        "submission-review-incomplete",
        claim(names.MESSAGE_TYPE, names.SUBMISSION_REVIEW_REQUEST),
    ),
    Case(
        "submission-review-without-line-item",
        "submission-review-incomplete",
        together(
            claim(names.MESSAGE_TYPE, names.SUBMISSION_REVIEW_REQUEST),
            claim(names.FOR_USER, {"user_id": "8"}),
            without(names.AGS),
        ),
    ),
    # State and browser
    Case("state-missing", "state-missing", params(state=None)),
    Case("state-unknown", "state-unknown", params(state="invented")),
    Case(
        "state-expired",
        "state-expired",
        lambda tried: setattr(tried.there, "now", NOW + timedelta(minutes=10)),
    ),
    Case("state-reused", "state-reused", reused),
    Case(
        "state-from-another-browser",
        "state-other-browser",
        lambda tried: setattr(tried, "browser", "another-browser"),
    ),
    Case(
        "state-from-a-browser-without-cookie",
        "state-other-browser",
        lambda tried: setattr(tried, "browser", None),
    ),
    Case("registration-disabled-meanwhile", "registration-disabled", disabled),
    Case(
        "platform-says-error",
        "platform-error",
        params(error="login_required", error_description="not signed in"),
    ),
)


@pytest.fixture
def trusting(tmp_path: Any, lms: platform.Lms) -> Town:
    """An organisation whose registration trusts one sister tool among a token's recipients."""
    return platform.town(tmp_path, lms, "village", audiences=("sister",))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refuses(trusting: Town, case: Case) -> None:
    tried = attempt(trusting)
    case.spoil(tried)
    with trusting.db.read("town") as session:
        used_before = session.scalars(
            select(LtiState.state).where(LtiState.used_at.is_not(None))
        ).all()
    with pytest.raises(LaunchRefused) as refused:
        tried.post()
    assert refused.value.reason.code == case.code
    with trusting.db.read("town") as session:
        assert (
            session.scalars(select(LtiState.state).where(LtiState.used_at.is_not(None))).all()
            == used_before
        )


def test_every_code_of_a_refusal_is_provoked_and_every_case_has_a_name_of_its_own() -> None:
    elsewhere = {"registration-ambiguous", "notice-malformed", "cookies-refused"}
    assert {case.code for case in CASES} | {code for _, code, _ in LOGINS} | elsewhere == codes(
        LaunchReason
    )
    assert len({case.name for case in CASES}) == len(CASES)


def test_a_refused_launch_tells_the_administrator_why(there: Town) -> None:
    tried = attempt(there)
    tried.claims["aud"] = "somebody-else"
    with pytest.raises(LaunchRefused):
        tried.post()
    with there.db.read("town") as session:
        health = session.get_one(LtiHealth, ("town", there.registration.id))
    assert health.failed_at == NOW and health.error == {
        "code": "audience-missing",
        "params": {"expected": "client-1"},
    }
    assert health.launched_at is None


def test_a_deployment_that_nobody_accepted_is_kept_for_the_administrator(there: Town) -> None:
    tried = attempt(there)
    tried.claims[names.DEPLOYMENT] = "deployment-9"
    with pytest.raises(LaunchRefused, match="deployment-unknown"):
        tried.post()
    there.accept("deployment-9")
    assert tried.post().deployment == "deployment-9"


LOGINS = (
    ("issuer-missing", "login-issuer-missing", {"iss": None}),
    ("login-hint-missing", "login-hint-missing", {"login_hint": None}),
    ("target-missing", "login-target-missing", {"target_link_uri": None}),
    ("issuer-unknown", "registration-unknown", {"iss": "https://elsewhere.example"}),
    ("client-unknown", "registration-unknown", {"client_id": "client-9"}),
    ("issuer-with-nul", "registration-unknown", {"iss": "https://lms.example.org\0"}),
    ("issuer-over-255", "registration-unknown", {"iss": "https://lms.example.org/" + "x" * 255}),
    ("client-over-255", "registration-unknown", {"client_id": "x" * 256}),
    (
        "target-with-nul",
        "login-target-foreign",
        {"target_link_uri": f"{platform.TOOL}/lti/course?module=\0"},
    ),
    ("login-hint-with-nul", "claim-malformed", {"login_hint": "user\0"}),
    ("message-hint-over-8000", "claim-malformed", {"lti_message_hint": "x" * 8001}),
    (
        "all-parameters-over-8000",
        "claim-malformed",
        {"login_hint": "x" * 4000, "lti_message_hint": "y" * 4000},
    ),
    ("bytes-over-8000", "claim-malformed", {"lti_message_hint": "é" * 2000}),
    ("client-of-another-issuer", "registration-unknown", {"iss": "https://other.example.org"}),
    (
        "target-on-another-host",
        "login-target-foreign",
        {"target_link_uri": "https://evil.example/lti/course"},
    ),
    (
        "target-no-page-of-ours",
        "login-target-foreign",
        {"target_link_uri": f"{platform.TOOL}/elsewhere"},
    ),
    ("target-a-script", "login-target-foreign", {"target_link_uri": "javascript:alert(1)"}),
)


@pytest.mark.parametrize(
    ("code", "differently"), [case[1:] for case in LOGINS], ids=[case[0] for case in LOGINS]
)
def test_refuses_a_login(there: Town, code: str, differently: dict[str, str | None]) -> None:
    there.register(issuer="https://other.example.org", client_id="client-2")
    with pytest.raises(LaunchRefused) as refused:
        attempt(there, **differently)
    assert refused.value.reason.code == code


def test_a_login_without_client_is_refused_where_an_organisation_has_two_registrations(
    there: Town,
) -> None:
    params_ = login_params(there.registration, client_id=None)
    assert login.begin(
        there.units,
        params_,
        redirect_uri=LAUNCH,
        own=own,
        browser=None,
        crowded=lambda _registration: False,
    ).url
    there.register(client_id="client-2")
    with pytest.raises(LaunchRefused, match="registration-ambiguous"):
        login.begin(
            there.units,
            params_,
            redirect_uri=LAUNCH,
            own=own,
            browser=None,
            crowded=lambda _registration: False,
        )


def test_a_disabled_registration_takes_no_login(there: Town) -> None:
    there.register(client_id="client-2", enabled=False)
    with pytest.raises(LaunchRefused, match="registration-disabled"):
        login.begin(
            there.units,
            login_params(there.registration, client_id="client-2"),
            redirect_uri=LAUNCH,
            own=own,
            browser=None,
            crowded=lambda _registration: False,
        )


def test_the_page_for_reviewers_names_every_case_and_no_other() -> None:
    page = Path(__file__).parents[3] / "docs" / "security-lti.md"
    rows = [
        line.split("|")
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.count("|") == 4
    ]
    named = {name for row in rows for name in re.findall("`([a-z0-9-]+)`", row[3])}
    assert named == {case.name for case in CASES} | {case[0] for case in LOGINS}
    listed = {name for row in rows for name in re.findall("`([a-z0-9-]+)`", row[2])}
    assert codes(LaunchReason) <= listed
