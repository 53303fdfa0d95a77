"""Blackboard Learn, from ``blackboard/anthologydevdocs`` (``docs/blackboard/lti/…``),
``blackboard/blackboard.github.io`` (``lti/…``) and the trackers of tools. The product is closed."""

from __future__ import annotations

from datetime import timedelta

from lti.campus.profiles.profile import (
    FULL,
    INSTITUTION,
    LEARNER,
    OFFERING,
    SYSTEM,
    Choosing,
    Columns,
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
from lti.wire.roles import MEMBERSHIP, TEST_USER

BLACKBOARD = Profile(
    name="blackboard",
    identity=Identity(
        issuer="https://blackboard.com",  # for all schools: devdocs, registration
        clients="7c1d0e5a-33b2-4b8e-9d60-{n:012}",  # one a tool for all schools: the same
        deployment="2c9f6f5e-0b44-4a53-8d1d-7a0e3b5c9f21",  # tells schools apart: the same
        subjects="5e884898da28047151d0e56f{n:08x}",  # 32 hexadecimal digits: sample launch
        context={  # sample launch
            "id": "098f6bcd4621d373cade4e832627b4f6",
            "label": "TRY",
            "title": "A course to try things out",
            "type": [OFFERING],
        },
        links="_{n}_1",  # sample launch
        tokens_elsewhere=True,  # developer.blackboard.com: devdocs, token
    ),
    launching=Launching(
        login="GET",  # devdocs, 02-authentication
        life=timedelta(hours=1),  # sample launch
        locales=("fr-FR", "fr-CA", "en-US"),  # sample launch
        locale_on_top=True,  # sample launch: in both places
        presentation=("return_url",),  # sample launch: no document_target
        platform={  # sample launch
            "guid": "ed076287532e86365e841e92bfc50d8c",
            "name": "Try",
            "product_family_code": "BlackboardLearn",
            "version": "3900.0",
        },
        # $ResourceLink.id.history stays as it is: sample launch
        fills=frozenset({"$ResourceLink.id", "$Context.id", "$User.id", "$Context.id.history"}),
    ),
    people=People(
        # names-and-roles.md; other course roles are mapped by the school
        launch={
            "teacher": FULL["teacher"],
            "assistant": FULL["assistant"],
            "learner": FULL["learner"],
            "administrator": (
                f"{INSTITUTION}#Staff",
                f"{SYSTEM}#Administrator",
                f"{MEMBERSHIP}#Administrator",
            ),
            "test-user": (LEARNER, TEST_USER),
        },
        roster={
            "teacher": FULL["teacher"],
            "assistant": FULL["assistant"],
            "learner": FULL["learner"],
            "test-user": (LEARNER, TEST_USER),
        },
        switches=False,  # Student Preview is a person of its own: names-and-roles.md
    ),
    choosing=Choosing(
        settings={  # sample of a Deep Linking request
            "accept_types": ["ltiResourceLink", "link"],
            "accept_media_types": "*/*",
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "auto_create": True,
        },
        presentation=("return_url",),  # the same
        resource_link="_14_1",  # the folder: the same
        placements={"": Placement("sent")},  # devdocs, dl
        needs_subject=True,  # dl/03-building-token.md; Cvmcosta/ltijs#237
    ),
    columns=Columns(
        posted="no-link",  # devdocs, ags: resourceLinkId cannot be set
        own_unnamed=True,  # ags: "only for columns created through POST"
    ),
    scores=Scores(
        # a score without a comment clears it, and results do not tell it: hypothesis/lms#5685
        comments_told=False,
    ),
    members=Members(
        message_is_list=False,  # blackboard/BBDN-LTI-Tool-Provider-Node#141
    ),
    tokens=Tokens(kind="bearer"),  # devdocs, token
    registering=Registering(dynamic=False),  # the developer portal: devdocs, registration
)
