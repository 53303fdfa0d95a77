"""The sentences that say why a kind of experience may serve or not, and the words of its facts, as
English message ids; the French ones are in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

FORMATS: Mapping[str, tuple[str, ...]] = {
    "format-makes-true": (_("What people live in it: %(makes)s."),),
    "format-serves-aim": (_("It serves your aim: %(aim)s."),),
    "format-maturity": (_("It is for people at level %(maturity)s of 4."),),
    "format-lived": (_("How it is lived: %(lived)s."),),
    "format-minutes": (_("It takes %(least)s to %(most)s minutes."),),
    "format-leaves-time": (
        _("It takes %(most)s minutes at most, and leaves %(left)s to talk about it."),
    ),
    "format-people": (_("It works with %(people)s people."),),
    "format-other-aims": (_("It seldom serves this aim: %(aim)s."),),
    "format-other-maturity": (_("It is for people at levels %(least)s to %(most)s of 4."),),
    "format-other-means": (_("It is not made for this: %(means)s."),),
    "format-takes-longer": (_("It takes %(least)s minutes at least; you have %(minutes)s."),),
    "format-needs-people": (_("It takes %(fewest)s people at least."),),
    "format-too-many": (_("It holds %(most)s people at most; beyond that, split them."),),
}

FORMAT_TERMS: Mapping[str, Mapping[str, str]] = {
    "means": {
        "room": _("a room with one screen"),
        "screens": _("a screen each"),
        "nothing": _("no screen: voices, hands, paper"),
    },
    "makes": {
        "scenario": _("what one decides when everything cannot be done, and what goes on without"),
        "dilemma": _("a stand taken at once, and what listening does to it"),
        "criteria": _("that two honest people read one file two levels apart"),
        "negotiation": _("what one believes the other side wants, and never asked"),
        "public-goods": _("who goes first, and what waiting costs"),
        "mission": _("what somebody outside knows, and no file says"),
        "map": _("who decides, and whom everybody forgot to invite"),
        "mesh": _("what two do already, what nobody wants, and whom nobody asked"),
        "chain": _("what holds a place up and nobody books, and what a price does to it"),
        "codev": _("that the need one brings is not always the one one has"),
    },
    "lived": {
        "scenario-screens": _("each alone, when it suits them"),
        "scenario-room": _("read aloud, hands up, and you tap what most have chosen"),
        "scenario-nothing": _("you read aloud, from your phone, hands up"),
        "dilemma-screens": _("each alone: a vote, some people to hear, a second vote"),
        "dilemma-room": _("a first show of hands, the people read aloud, a second show of hands"),
        "dilemma-nothing": _("the voices copied, shared out and read, a vote before and after"),
        "criteria-screens": _("each scores alone; at a table of several, the spread is then seen"),
        "criteria-room": _("each scores on paper; then the room moves its notches on the screen"),
        "criteria-nothing": _(
            "the grid copied large on a wall, a dot each, before and after the visit"
        ),
        "negotiation-screens": _("in twos, or alone before a recorded counterpart"),
        "negotiation-nothing": _("in twos, with briefs and points printed, and one sheet to sign"),
        "public-goods-screens": _("a seat each, or alone with recorded voices in the others"),
        "public-goods-room": _(
            "the room holds one seat, amounts by hands; recorded voices hold the others"
        ),
        "mission-screens": _("each goes to see somebody, comes back and tells, twice if need be"),
        "mission-nothing": _("sent out in the break between two sessions, told on return"),
        "map-screens": _("each places and moves alone; at a table, seats move one in turn"),
        "map-room": _("the plane on the screen, one hand at the keyboard, the room argues"),
        "map-nothing": _("two axes on a wall, a note for each, eight chairs in front"),
        "mesh-screens": _("each fills in their own line; the table shows what is done twice"),
        "mesh-nothing": _("the table on a wall, each writes their own line and nobody else’s"),
        "chain-screens": _("each alone: a few arrows, then a price or none"),
        "chain-room": _("the room argues arrows, hands up; you tick the paper on the screen"),
        "chain-nothing": _("a sheet on a wall, a few arrows, stickers on what gets a price"),
        "codev-screens": _("live by the clock, on one call; or alone with a recorded round"),
        "codev-room": _("chairs in a circle, the clock on the screen, cards face down"),
        "codev-nothing": _("chairs in a circle, a kitchen timer, cards copied"),
    },
}
"""Each kind says what people live in it under ``makes``, and under ``lived``, as
``<kind>-<means>``, how."""
