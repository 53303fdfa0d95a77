"""Brightspace, from D2L's documentation and community articles (community.d2l.com, by number) and
the trackers of tools. The product is closed: what is not said here was found nowhere."""

from __future__ import annotations

from datetime import timedelta

from lti.campus.profiles.profile import (
    FULL,
    OFFERING,
    Choosing,
    Identity,
    Launching,
    Members,
    People,
    Placement,
    Profile,
    Registering,
    Scores,
    Tokens,
)

BRIGHTSPACE = Profile(
    name="brightspace",
    identity=Identity(
        clients="4f6bd3a1-1c9e-4a43-9f77-{n:012}",  # article 23764
        deployment="9A1E0C54-6E2B-4D0F-8B7A-3C5D2E1F0A9B",  # in capitals: article 23764
        subjects="e1f3c0aa-5b7d-49d1-8d1f-2f6f0b0a7c11_{n}",  # guid, underscore, number: 23764
        context={  # article 23764
            "id": "6606",
            "label": "TRY",
            "title": "A course to try things out",
            "type": [OFFERING],
        },
        tokens_elsewhere=True,  # RunestoneInteractive/rs#1073
    ),
    launching=Launching(
        life=timedelta(minutes=30),  # article 23764
        not_before=True,  # equal to iat: article 23764; Cvmcosta/ltijs#198
        blank_email=True,  # article 23764
    ),
    people=People(
        # by the school's mapping: article 23662. A role can have none at all (unverified)
        launch={kind: FULL[kind] for kind in ("teacher", "assistant", "learner", "mentor")},
        roster={kind: FULL[kind] for kind in ("teacher", "assistant", "learner", "mentor")},
    ),
    choosing=Choosing(placements={"": Placement("sent")}),  # at once: article 23755
    scores=Scores(
        # "Can be graded in Grades": article 23752. The status is unverified, so the usual one
        gradable=frozenset({"learner"}),
        capped=True,  # article 23752
    ),
    members=Members(launched_only=True),  # "users not known to this deployment" off: 23756
    tokens=Tokens(
        # https://api.brightspace.com/auth/token is no token address: RunestoneInteractive/rs#1073
        audience="own",
        whole=True,  # a list is answered 500: oat-sa/lib-lti1p3-core#187
    ),
    registering=Registering(
        authorization_server="https://api.brightspace.com/auth/token",
        deployment_answered=False,  # article 23662
        enabled_at_once=False,  # article 23662
    ),
)
