"""The sentences an administrator reads when an LMS is refused or does not answer: what is wrong,
and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

LOGIN: Mapping[str, tuple[str, ...]] = {
    "login-issuer-missing": (
        _(
            "The platform began a login without saying who it is (iss). Set the tool to LTI "
            "1.3 there, and check that nothing on the way drops parameters."
        ),
    ),
    "login-hint-missing": (
        _(
            "The platform began a login without saying for whom (login_hint). A login begins "
            "with a link in a course, never with our login address typed by hand."
        ),
    ),
    "login-target-missing": (
        _(
            "The platform began a login without saying where it leads (target_link_uri). Give "
            "the tool the target link that the page of this connection shows."
        ),
    ),
    "login-target-foreign": (
        _(
            "The link in the course leads to %(target)s, which is no page of Relecture. Place "
            "it again by content selection (Deep Linking), or correct its address."
        ),
    ),
    "registration-unknown": (
        _(
            "No connection has the issuer %(issuer)s together with the client ID "
            "%(client_id)s. Compare both with the platform, to the letter (a slash at the end "
            "counts), or connect it."
        ),
        _(
            "No connection has the issuer %(issuer)s. Compare it with the platform, to the "
            "letter (a slash at the end counts), or connect it."
        ),
        _("There is no such connection. It may have been deleted."),
    ),
    "registration-ambiguous": (
        _(
            "The platform did not send its client ID, and several connections of one organisation "
            "have the issuer %(issuer)s. Turn off those that no longer serve."
        ),
    ),
    "registration-disabled": (
        _(
            "The connection with %(issuer)s, client ID %(client_id)s, is off. Turn it on "
            "again on its page to let people in."
        ),
        _("The connection with %(issuer)s is off. Turn it on again on its page to let people in."),
    ),
    "platform-error": (
        _(
            "The platform itself refused the login: %(error)s, %(why)s. Often the launch "
            "address is not registered there to the letter, or the person may not open this "
            "link."
        ),
        _(
            "The platform itself refused the login: %(error)s. Often the launch address is "
            "not registered there to the letter, or the person may not open this link."
        ),
    ),
    "state-missing": (
        _(
            "A launch came without the state that each login is given. Our launch address was "
            "opened by hand, or something on the way drops form fields."
        ),
    ),
    "state-unknown": (
        _(
            "A launch came with a state that we did not give, or gave more than a day ago. "
            "Starting again from the course is enough; if everybody meets it, check that the "
            "platform posts to this installation."
        ),
    ),
    "state-expired": (
        _(
            "More than ten minutes went by between login and launch. Starting again from the "
            "course is enough."
        ),
    ),
    "state-reused": (
        _(
            "The same launch was posted twice: a page loaded again, a double click. Only the "
            "first one counts, and nothing needs to be done."
        ),
    ),
    "state-other-browser": (
        _(
            "A launch did not come back to the browser that had begun it: it went on in another "
            "browser, or its cookies were deleted on the way. Opening the link again is enough."
        ),
    ),
    "cookies-refused": (
        _(
            "A browser keeps no cookie of ours, not even in a window of its own: its settings "
            "forbid it. Allow cookies for this site, or use another browser."
        ),
    ),
}

TOKEN: Mapping[str, tuple[str, ...]] = {
    "token-missing": (
        _("The platform sent no id_token. Check that the tool is set to LTI 1.3 there."),
    ),
    "token-malformed": (
        _(
            "What the platform sent as id_token is not a signed token. Check that the tool is "
            "set to LTI 1.3 there; if it is, this is a fault of the platform."
        ),
    ),
    "algorithm-refused": (
        _(
            "The platform signed with %(alg)s, and we take RS256 alone. Choose RS256 for this "
            "tool in the platform."
        ),
    ),
    "header-key-refused": (
        _(
            "The token brings rules or a key of its own (%(header)s), with which anybody "
            "could sign. Only keys published at the key address of this connection count: "
            "tell the platform’s maker."
        ),
    ),
    "kid-missing": (
        _(
            "The token does not say which key signed it (kid). The platform must name its "
            "keys: tell its maker."
        ),
    ),
    "kid-unknown": (
        _(
            "The platform signed with a key (kid %(kid)s) that we do not have, and its keys "
            "could not be fetched: %(why)s. Correct the key address (JWKS) of this "
            "connection, then “Check now”."
        ),
        _(
            "The platform signed with a key (kid %(kid)s) that its key address does not "
            "publish. Compare the key address (JWKS) of this connection with the platform’s. "
            "Just after a change of keys, a minute of patience is enough."
        ),
    ),
    "signature-bad": (
        _(
            "The signature does not fit the key %(kid)s that the platform publishes: the "
            "token was altered, or the key address (JWKS) of this connection is that of "
            "another site, such as a test site."
        ),
    ),
    "issuer-mismatch": (
        _(
            "The token comes from %(issuer)s, and this connection expects %(expected)s. Write "
            "the issuer here exactly as the platform does, slash at the end included."
        ),
    ),
    "audience-missing": (
        _(
            "The token is not meant for the client ID %(expected)s. Compare the client ID "
            "here with the one in the platform."
        ),
    ),
    "audience-untrusted": (
        _(
            "The token is meant for the client ID %(expected)s and for others whom this "
            "connection does not trust. If that is intended, name them under “other trusted "
            "audiences”."
        ),
    ),
    "azp-missing": (
        _(
            "The token is meant for several recipients and does not say to whom it was given "
            "(azp). This is a fault of the platform: tell its maker."
        ),
    ),
    "azp-mismatch": (
        _(
            "The token was given to somebody else (azp) than the client ID %(expected)s. "
            "Compare the client ID here with the one in the platform."
        ),
    ),
    "exp-missing": (
        _(
            "The token does not say until when it is good (exp). This is a fault of the "
            "platform: tell its maker."
        ),
    ),
    "expired": (
        _(
            "The token had been over for %(seconds)s seconds when it came. If everybody meets "
            "this, the clock here or there is wrong: set both by NTP."
        ),
    ),
    "iat-missing": (
        _(
            "The token does not say when it was made (iat). This is a fault of the platform: "
            "tell its maker."
        ),
    ),
    "iat-stale": (
        _(
            "The token was %(seconds)s seconds old when it came, and we take ten minutes at "
            "most. If everybody meets this, the clock here or there is wrong: set both by NTP."
        ),
    ),
    "iat-future": (
        _("The platform’s clock is %(seconds)s seconds ahead of ours. Set both by NTP."),
    ),
    "nbf-future": (
        _(
            "The token is good only in %(seconds)s seconds (nbf). The platform’s clock is "
            "ahead of ours: set both by NTP."
        ),
    ),
    "nonce-missing": (
        _(
            "The token lacks the value given at login (nonce). This is a fault of the "
            "platform: tell its maker."
        ),
    ),
    "nonce-mismatch": (
        _(
            "The token answers another login than the one it came with (nonce). It may have "
            "been replayed. If it happens again and again, tell the platform’s maker."
        ),
    ),
    "subject-missing": (
        _(
            "The token does not say who opens the link (sub). Let the platform send the "
            "user’s ID, or allow anonymous launches for this connection: each visit is then "
            "by somebody new."
        ),
    ),
}

CLAIMS: Mapping[str, tuple[str, ...]] = {
    "version-wrong": (
        _(
            "The message says LTI version %(version)s, and we speak 1.3.0. Set the tool to "
            "LTI 1.3 in the platform."
        ),
    ),
    "message-type-wrong": (
        _(
            "The platform sent a message of the kind %(message)s, which we do not take. Use "
            "the tool for links in a course and for content selection (Deep Linking)."
        ),
    ),
    "deployment-missing": (
        _(
            "The token names no deployment (deployment_id). Add the tool to a course or to "
            "the whole site in the platform, then open it from there."
        ),
    ),
    "deployment-too-long": (
        _(
            "The deployment has an ID of %(length)s characters, and the standard allows 255. "
            "This is a fault of the platform: tell its maker."
        ),
    ),
    "deployment-unknown": (
        _(
            "Nobody has accepted the deployment %(deployment)s yet. If it is yours, accept it "
            "on the page of this connection."
        ),
    ),
    "target-missing": (
        _(
            "The token does not say where it leads (target_link_uri). Give the tool the "
            "target link that the page of this connection shows."
        ),
    ),
    "target-mismatch": (
        _(
            "The login was for %(login)s and the token leads to %(target)s. Both come from "
            "the platform: place the link again by content selection (Deep Linking)."
        ),
    ),
    "target-foreign": (
        _(
            "The link in the course leads to %(target)s, which is no page of Relecture. Place "
            "it again by content selection (Deep Linking), or correct its address."
        ),
    ),
    "resource-link-missing": (
        _(
            "The token does not say which link of the course was opened (resource_link). Open "
            "Relecture by a link placed in a course."
        ),
    ),
    "roles-missing": (
        _(
            "The token lacks the list of roles, which may be empty but not absent. Let the "
            "platform send roles to this tool."
        ),
    ),
    "claim-malformed": (
        _(
            "A part of the token (%(claim)s) is not what the standard says. This is a fault "
            "of the platform: tell its maker."
        ),
    ),
    "deep-linking-return-missing": (
        _(
            "The platform asked for content without saying where to send it "
            "(deep_link_return_url). This is a fault of the platform: tell its maker."
        ),
    ),
    "deep-linking-types-missing": (
        _(
            "The platform asked for content without saying of which types (accept_types). "
            "This is a fault of the platform: tell its maker."
        ),
    ),
    "submission-review-incomplete": (
        _(
            "The platform asked to look again at someone’s work, and a part is missing: %(claim)s. "
            "Let it send grades and users to this tool."
        ),
    ),
    "notice-malformed": (
        _(
            "The platform sent a notice that cannot be read (%(claim)s). This is a fault of "
            "the platform: tell its maker."
        ),
        _(
            "The platform sent notices that cannot be read. This is a fault of the platform: "
            "tell its maker."
        ),
    ),
}

FETCHES: Mapping[str, tuple[str, ...]] = {
    "fetch-address-malformed": (
        _(
            "An address on %(host)s that the platform gave is not a whole web address. "
            "Correct the addresses of this connection."
        ),
        _(
            "An address that the platform gave is not a whole web address. Correct the "
            "addresses of this connection."
        ),
    ),
    "fetch-not-https": (
        _(
            "%(host)s was to be asked over plain http. Give its address with https; for an "
            "LMS on your own network, whoever runs Relecture can allow that network "
            "(RELECTURE_LTI_ALLOW_NETS)."
        ),
    ),
    "fetch-address-refused": (
        _(
            "%(host)s is on a private network, where Relecture does not go by itself. If it "
            "is your LMS, whoever runs Relecture can allow that network "
            "(RELECTURE_LTI_ALLOW_NETS)."
        ),
    ),
    "fetch-unreachable": (
        _(
            "%(host)s could not be reached (%(why)s). Check its name, its certificate, and "
            "that this server may go out to it."
        ),
        _(
            "%(host)s could not be reached. Check its name, its certificate, and that this "
            "server may go out to it."
        ),
    ),
    "fetch-redirected": (
        _(
            "%(host)s answered with a redirect (%(status)s), and we follow none. Write the "
            "address to which it leads."
        ),
    ),
    "fetch-too-large": (
        _(
            "%(host)s answered with more than we take. Check that the address is the one the "
            "platform shows."
        ),
    ),
    "fetch-too-slow": (
        _(
            "%(host)s took more than %(seconds)s seconds to answer. Try again later; if it "
            "lasts, ask whoever runs the platform."
        ),
    ),
    "fetch-not-json": (
        _(
            "The answer, with status %(status)s, is not JSON: perhaps a sign-in page or an "
            "error page. Check that the address is the one the platform shows."
        ),
        _(
            "The answer is not what it should be (JSON). Check that the address is the one "
            "the platform shows."
        ),
    ),
}

SERVICES: Mapping[str, tuple[str, ...]] = {
    "service-host-unknown": (
        _(
            "The platform names a service on %(host)s, a host that neither this connection "
            "nor a launch has named. Open Relecture once from a course there: the host is "
            "then known."
        ),
        _(
            "The platform names a service without a whole web address. This is a fault of the "
            "platform: tell its maker."
        ),
    ),
    "service-answered": (
        _(
            "The platform answered %(status)s (%(service)s) and says: “%(said)s”. 400 or 401: it "
            "may not take our keys, so compare our key address and the client ID. 403: allow this "
            "service for the tool. 404: the course or link is gone. 500 or more: we try again by "
            "ourselves."
        ),
        _(
            "The platform answered %(status)s (%(service)s). 400 or 401: it does not take our "
            "keys, so compare our key address and the client ID. 403: allow this service for "
            "the tool. 404: the course or link is gone. 500 or more: we try again by "
            "ourselves."
        ),
    ),
    "score-refused": (
        _(
            "The gradebook did not take this person’s score. It answered %(status)s and says: "
            "“%(said)s”. It takes scores only of those who learn in the course and are graded "
            "there; the connection is well."
        ),
        _(
            "The gradebook did not take this person’s score (status %(status)s). It takes scores "
            "only of those who learn in the course and are graded there; the connection is well."
        ),
    ),
    "column-gone": (
        _("The column of this link is gone from the gradebook: somebody removed it there."),
    ),
    "service-out-of-time": (
        _(
            "%(service)s answered so slowly that its turn was over. What waits is sent by itself, "
            "a little later."
        ),
    ),
    "service-malformed": (
        _(
            "What the platform answered cannot be used (%(service)s): %(why)s. This is a "
            "fault of the platform: tell its maker."
        ),
        _(
            "What the platform answered cannot be used (%(service)s). This is a fault of the "
            "platform: tell its maker."
        ),
    ),
    "service-scope-missing": (
        _(
            "The platform did not grant all that was asked for: %(scopes)s. Allow grades and "
            "the list of members for this tool."
        ),
    ),
    "score-not-later": (
        _(
            "A score was kept back, as its time is not later than that of the one before. "
            "Check the clock of this server (NTP)."
        ),
    ),
    "news-untold": (
        _(
            "A score could not be sent, and the platform is not to blame: the log of this "
            "server says why."
        ),
    ),
    "roster-unknown": (
        _(
            "The platform has not said where the members of this course are listed. Allow "
            "names and roles for this tool, then open the course once."
        ),
    ),
    "content-item-refused": (_("What was chosen cannot be placed here: %(setting)s."),),
}

REGISTERING: Mapping[str, tuple[str, ...]] = {
    "invite-unknown": (
        _(
            "This registration link is incomplete or was changed. Copy it again, or make "
            "another one on the page Connections."
        ),
    ),
    "invite-expired": (
        _(
            "This registration link is more than three days old. Make another one on the page "
            "Connections."
        ),
    ),
    "invite-used": (
        _("This registration link has served already. Make another one on the page Connections."),
    ),
    "configuration-malformed": (
        _(
            "The configuration that the platform publishes lacks a good address (%(field)s). "
            "Connect it by hand, with the addresses that it shows."
        ),
    ),
    "configuration-unreadable": (
        _(
            "The configuration that the platform publishes could not be read (status "
            "%(status)s). Begin again from the platform: its own link may have expired."
        ),
    ),
    "configuration-host-differs": (
        _(
            "The configuration was read on %(host)s and speaks for %(issuer)s, another host: "
            "anybody could do that. Connect this platform by hand, with the addresses that it "
            "shows."
        ),
    ),
    "configuration-lacks-rs256": (
        _(
            "The platform does not sign with RS256, the one algorithm that we take. Choose it "
            "in the platform, then begin again."
        ),
    ),
    "registration-answered": (
        _(
            "The platform did not take the registration. It answered %(status)s and says: "
            "“%(said)s”."
        ),
        _(
            "The platform did not take the registration. It answered %(status)s and does not say "
            "why: whoever looks after it may find more in its log."
        ),
    ),
    "registration-malformed": (
        _(
            "The platform took the registration and did not give a proper client ID. Remove "
            "the tool there, then connect by hand."
        ),
    ),
    "registration-taken": (
        _(
            "Your organisation already has a connection with the issuer %(issuer)s and the client "
            "ID %(client_id)s. Edit that one, or register the tool again for a new client ID."
        ),
    ),
    "tool-key-unreadable": (
        _(
            "Our own keys cannot be read: RELECTURE_SECRET_KEY is no longer the one they were "
            "sealed with. Put the former one back. If it is lost, relecture lti rotate-keys "
            "makes a key that signs a day later."
        ),
    ),
}

ADMIN: Mapping[str, tuple[str, ...]] = {
    **LOGIN,
    **TOKEN,
    **CLAIMS,
    **FETCHES,
    **SERVICES,
    **REGISTERING,
}
"""The possible sentences for each code; the first whose holes can all be filled is used."""

ADMIN_TERMS: Mapping[str, Mapping[str, str]] = {
    "why": {
        "fetch-address-malformed": _("the address is not a whole web address"),
        "fetch-not-https": _("the address is not https"),
        "fetch-address-refused": _("the address is on a private network"),
        "fetch-unreachable": _("the host could not be reached"),
        "fetch-redirected": _("the address answers with a redirect"),
        "fetch-too-large": _("the answer is too large"),
        "fetch-too-slow": _("the answer took too long"),
        "fetch-not-json": _("the answer is not a set of keys"),
        "no such name": _("no such name"),
        "pages without end": _("its pages never end"),
    },
    "service": {
        "token": _("access token"),
        "line items": _("columns of the gradebook"),
        "results": _("grades"),
        "roster": _("list of members"),
        "groups": _("groups"),
    },
    "setting": {
        "accept_types": _("the platform takes no LTI link at this place"),
        "accept_multiple": _("the platform takes one thing at a time at this place"),
    },
}
"""The words for values that are ids, by the name of their vocabulary."""
