"""Dynamic Registration 1.0: reads a platform's configuration, registers us with it, and stores its
answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.storage.work import Units
from lti.platforms import invites, registrations
from lti.platforms.reasons import (
    ConfigurationHostDiffers,
    ConfigurationLacksRs256,
    ConfigurationMalformed,
    ConfigurationUnreadable,
    RegistrationAnswered,
    RegistrationMalformed,
)
from lti.platforms.registrations import Registration
from lti.wire import names
from lti.wire.http import Http
from lti.wire.reading import MAX_ADDRESS, MAX_ID_CHARS, id_of, text_of
from lti.wire.refusals import RegistrationRefused
from lti.wire.urls import authority_of, host_of, is_web_address

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCOPES = (
    names.SCOPE_LINE_ITEM,
    names.SCOPE_LINE_ITEM_READ,
    names.SCOPE_SCORE,
    names.SCOPE_RESULT,
    names.SCOPE_ROSTER,
    names.SCOPE_GROUPS,
    names.SCOPE_NOTICES,
)
"""All the scopes that we ever ask for."""
MAX_SCOPES, MAX_TOKEN = 8000, 8000
"""The maximum length of a platform's list of granted scopes, and of its registration token."""


@dataclass(frozen=True)
class Configuration:
    """A platform's configuration document (Dynamic Registration 1.0, section 3.4; OpenID Connect
    Discovery 1.0, section 3)."""

    issuer: str
    login_url: str
    token_url: str
    keys_url: str
    registration_url: str
    token_audience: str | None = None
    scopes: tuple[str, ...] = ()
    product: str = ""
    version: str = ""
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tool:
    """Our tool as described to a platform. ``names`` and ``descriptions`` are by language, the
    default under ``""``.

    ``claims`` are the personal data we ask for, as few as possible (``sub`` alone is enough).
    ``launches`` maps the LTI name of each kind of message we accept to its target link.
    """

    login_url: str
    launch_url: str
    keys_url: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    launches: Mapping[str, str]
    home_url: str
    logo_url: str | None = None
    claims: tuple[str, ...] = ("iss", "sub")
    custom: Mapping[str, str] = field(default_factory=dict)


def read_configuration(
    http: Http, url: str, registration_token: str | None = None
) -> Configuration:
    """Fetches and checks a platform's configuration (Dynamic Registration 1.0, sections 3.3 and
    3.4). Canvas requires its ``registration_token`` already here.

    Raises ``RegistrationRefused``: configuration-unreadable; -malformed; -host-differs if the
    issuer is on another host than the configuration, since anybody could then speak for it (section
    3.3.1); configuration-lacks-rs256 (section 3.4.1). Raises ``FetchRefused``. Values that could
    not be stored count as malformed, so that nobody registers in vain.
    """
    answer = http.send("GET", url, headers=_bearer(registration_token))
    said = answer.json() if answer.status == 200 else None
    if not isinstance(said, dict):
        raise RegistrationRefused(ConfigurationUnreadable(answer.status))
    if len(_address(said, "issuer", url)) > MAX_ID_CHARS:
        raise RegistrationRefused(ConfigurationMalformed(field="issuer"))
    if host_of(said["issuer"]) != host_of(url):
        raise RegistrationRefused(
            ConfigurationHostDiffers(issuer=said["issuer"], host=host_of(url))
        )
    algorithms = said.get("id_token_signing_alg_values_supported", ["RS256"])
    if not isinstance(algorithms, list) or "RS256" not in algorithms:
        raise RegistrationRefused(ConfigurationLacksRs256())
    audience = text_of(said, "authorization_server")
    if audience is not None and len(audience) > MAX_ADDRESS:
        raise RegistrationRefused(ConfigurationMalformed(field="authorization_server"))
    if audience is not None and not is_web_address(audience):
        audience = None  # Canvas names a bare host there, and takes only its whole token address
    own = said.get(PLATFORM)
    own = own if isinstance(own, dict) else {}
    listed = own.get("messages_supported")
    messages = (
        (one.get("type") for one in listed if isinstance(one, dict))
        if isinstance(listed, list)
        else ()
    )
    return Configuration(
        issuer=said["issuer"],
        login_url=_address(said, "authorization_endpoint", url),
        token_url=_address(said, "token_endpoint", url),
        keys_url=_address(said, "jwks_uri", url),
        registration_url=_address(said, "registration_endpoint", url),
        token_audience=audience,
        scopes=_texts(said.get("scopes_supported")),
        product=(text_of(own, "product_family_code") or "")[:60],
        version=(text_of(own, "version") or "")[:60],
        messages=tuple(one for one in messages if isinstance(one, str)),
    )


def payload(tool: Tool, configuration: Configuration) -> dict[str, Any]:
    """The registration request we send (Dynamic Registration 1.0, section 3.5.2; OpenID Connect
    Dynamic Client Registration 1.0, section 2).

    It asks only for scopes and messages that the platform supports, or for all of them if it lists
    none.
    """
    scopes = [
        scope for scope in SCOPES if not configuration.scopes or scope in configuration.scopes
    ]
    launches = {
        message: url
        for message, url in tool.launches.items()
        if not configuration.messages or message in configuration.messages
    }
    said: dict[str, Any] = {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": tool.login_url,
        "redirect_uris": [tool.launch_url],
        "jwks_uri": tool.keys_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "id_token_signed_response_alg": "RS256",
        "scope": " ".join(scopes),
        "client_uri": tool.home_url,
        **_in_languages("client_name", tool.names),
        TOOL: {
            "domain": authority_of(tool.home_url),
            "target_link_uri": tool.home_url,
            "claims": list(tool.claims),
            "custom_parameters": dict(tool.custom),
            **_in_languages("description", tool.descriptions),
            "messages": [
                {
                    "type": message,
                    "target_link_uri": url,
                    **_placed(message, configuration.product),
                    **_in_languages("label", tool.names),
                }
                for message, url in launches.items()
            ],
        },
    }
    return {**said, "logo_uri": tool.logo_url} if tool.logo_url else said


def read_answer(
    said: Any, configuration: Configuration, tenant: str
) -> tuple[Registration, str | None]:
    """The platform's answer as a registration, not stored yet, and its deployment if it names one
    (section 3.6).

    Raises ``RegistrationRefused("registration-malformed")``.
    """
    client = id_of(said, "client_id") if isinstance(said, dict) else None
    if client is None or len(client) > MAX_ID_CHARS:
        raise RegistrationRefused(RegistrationMalformed())
    tool = said.get(TOOL)
    deployment = id_of(tool, "deployment_id") if isinstance(tool, dict) else None
    granted = text_of(said, "scope")
    if len(deployment or "") > MAX_ID_CHARS or len(granted or "") > MAX_SCOPES:
        raise RegistrationRefused(RegistrationMalformed())
    registration = Registration(
        tenant=tenant,
        id="",
        issuer=configuration.issuer,
        client_id=client,
        login_url=configuration.login_url,
        token_url=configuration.token_url,
        keys_url=configuration.keys_url,
        token_audience=configuration.token_audience,
        scopes=tuple(granted.split()) if granted else (),
        name=host_of(configuration.issuer)[:200],
        product=configuration.product,
    )
    return registration, deployment


@dataclass(frozen=True)
class Registrar:
    """Lets platforms register themselves."""

    units: Units
    http: Http
    tool: Tool

    def preview(
        self, invite: str, configuration_url: str, registration_token: str | None = None
    ) -> Configuration:
        """The platform's configuration, to be shown and confirmed; uses nothing up. Raises
        ``RegistrationRefused`` and ``FetchRefused``."""
        self._invited_by(invite)
        return read_configuration(self.http, configuration_url, registration_token)

    def complete(
        self, invite: str, configuration_url: str, registration_token: str | None
    ) -> Registration:
        """Registers with the platform and stores the result, using up the invite; a failure leaves
        the invite as it was and stores nothing.

        ``registration_token`` is passed on unchanged (section 3.5.1). Raises
        ``RegistrationRefused`` and ``FetchRefused``.
        """
        tenant = self._invited_by(invite)
        # A unit of its own: the invite is taken before the platform is asked, so that of several
        # requests at once only one registers us there.
        with self.units.write(tenant) as work:
            invites.claim(work, invite)
            work.commit()
        try:
            registration, deployment = self._asked(tenant, configuration_url, registration_token)
            with self.units.write(tenant) as work:
                kept = registrations.add(work, replace(registration, claimed_at=work.wall))
                if deployment is not None:
                    registrations.accept_deployment(work, kept.id, deployment)
                work.commit()
        except BaseException:  # whatever went wrong, it was not the invite's fault
            with self.units.write(tenant) as work:
                invites.release(work, invite)
                work.commit()
            raise
        return kept

    def _invited_by(self, invite: str) -> str:
        with self.units.db.across("lti-lookup") as door:
            return invites.tenant_of(door, invite, self.units.clock.wall())

    def _asked(self, tenant: str, url: str, token: str | None) -> tuple[Registration, str | None]:
        """What the platform made of our registration, and the deployment that it came with."""
        configuration = read_configuration(self.http, url, token)
        headers = {"Content-Type": "application/json", **_bearer(token)}
        answer = self.http.send(
            "POST",
            configuration.registration_url,
            headers=headers,
            body=json.dumps(payload(self.tool, configuration)).encode(),
        )
        if answer.status not in (200, 201):
            raise RegistrationRefused(RegistrationAnswered(status=answer.status, said=answer.said))
        return read_answer(answer.json(), configuration, tenant)


def _placed(message: str, product: str) -> dict[str, list[str]]:
    """Where a message is offered (section 3.5.3): Canvas shows a tool nowhere unless its own
    placements are named."""
    canvas = product.lower() == "canvas" and message == names.DEEP_LINKING_REQUEST
    return {"placements": ["assignment_selection", "link_selection"]} if canvas else {}


def _bearer(token: str | None) -> dict[str, str]:
    """The header that carries a token. Raises ``RegistrationRefused("registration-malformed")`` if
    no header can."""
    if token and not (token.isascii() and token.isprintable() and len(token) <= MAX_TOKEN):
        raise RegistrationRefused(RegistrationMalformed())
    return {"Authorization": f"Bearer {token}"} if token else {}


def _in_languages(name: str, words: Mapping[str, str]) -> dict[str, str]:
    """``client_name``, ``client_name#fr`` … (OpenID Connect Dynamic Client Registration 1.0,
    section 2.1)."""
    return {f"{name}#{language}" if language else name: text for language, text in words.items()}


def _address(said: Mapping[str, Any], name: str, source: str) -> str:
    """An address from the configuration; plain http is allowed only if the configuration itself was
    fetched that way."""
    value = said.get(name)
    if (
        not isinstance(value, str)
        or not is_web_address(value)
        or len(value) > MAX_ADDRESS
        or not value.isprintable()
        or value.startswith("http:") > source.startswith("http:")
    ):
        raise RegistrationRefused(ConfigurationMalformed(field=name))
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
