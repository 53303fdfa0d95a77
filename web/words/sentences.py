"""The sentences for every reason code, as English message ids; the French ones are in the
catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.words.marking import _
from web.words.sentences_admin import PEOPLE
from web.words.sentences_desk import DESK
from web.words.sentences_files import FILE_TERMS, FILES
from web.words.sentences_formats import FORMAT_TERMS, FORMATS
from web.words.sentences_forms import FORM_TERMS, FORMS
from web.words.sentences_lms import ADMIN, ADMIN_TERMS
from web.words.sentences_uploads import UPLOADS


@dataclass(frozen=True)
class Plural:
    """A sentence with a plural, chosen by the value named ``by``."""

    one: str
    many: str
    by: str


Sentence = str | Plural


def _n(one: str, many: str, by: str) -> Plural:
    """Marks a message with a plural for the catalogue."""
    return Plural(one, many, by)


QUOTED = _("“%(phrase)s”")
"""One of several phrases in a list."""
PIN = _("“%(module)s” in the section “%(section)s”")
"""An experience and the section it is pinned to."""

TERMS: Mapping[str, Mapping[str, str]] = {
    "stage": {
        "what": _("what happened"),
        "so-what": _("what it means to you"),
        "now-what": _("what you will do with it"),
        "did-it-happen": _("what became of your plan"),
        "transfer": _("the same idea somewhere else"),
        "facts": _("what happened"),
        "feelings": _("what you felt"),
        "findings": _("what you make of it"),
        "future": _("what you will do with it"),
        "description": _("what happened"),
        "evaluation": _("what went well or not"),
        "analysis": _("why it went that way"),
        "conclusion": _("what you keep of it"),
        "action-plan": _("what you will do with it"),
        "observation": _("what you noticed"),
        "conceptualisation": _("the idea behind it"),
        "experimentation": _("what you will try"),
        "objective": _("what happened"),
        "reflective": _("what you felt"),
        "interpretive": _("what it means to you"),
        "decisional": _("what you will do with it"),
    },
    "languages": {"fr": _("French"), "en": _("English")},
    "mode": {"online": _("online"), "onsite": _("face to face"), "either": _("either way")},
    "kind": {
        "scenario": _("scenario"),
        "dilemma": _("dilemma"),
        "public-goods": _("public-goods game"),
        "negotiation": _("negotiation"),
        "criteria": _("grid of criteria"),
        "codev": _("co-development"),
        "mesh": _("meshing table"),
        "mission": _("mission"),
        "map": _("stakeholder map"),
        "chain": _("value chain"),
    },
    "theme": {
        "socio-economic-models": _("socio-economic models"),
        "sdg": _("Sustainable Development Goals"),
        "partnerships": _("partnerships"),
        "co-construction": _("co-construction"),
        "project-leadership": _("project leadership"),
    },
    "aims": {
        "balance": _("balance performance and commitment"),
        "hybridise": _("hybridise one’s socio-economic model"),
        "lead": _("lead societal innovation"),
        "co-construct": _("co-construct local solutions"),
    },
    "month": {
        "01": _("January"),
        "02": _("February"),
        "03": _("March"),
        "04": _("April"),
        "05": _("May"),
        "06": _("June"),
        "07": _("July"),
        "08": _("August"),
        "09": _("September"),
        "10": _("October"),
        "11": _("November"),
        "12": _("December"),
    },
    "nobody": {
        "nobody-wants": _("nobody wants to"),
        "nobody-can": _("nobody can"),
        "nobody-does": _("nobody"),
    },
    "what-passes": {"money": _("money"), "people": _("people"), "links": _("links")},
    "flow-state": {
        "booked": _("in the accounts"),
        "unseen": _("not drawn"),
        "favour": _("drawn, without a price"),
        "priced": _("drawn, with a price"),
    },
    "goes-on": {"goes-on": _("goes on"), "stops": _("has stopped")},
    **FILE_TERMS,
    **FORM_TERMS,
    **FORMAT_TERMS,
    **ADMIN_TERMS,
}
"""The words for values that are ids, by the name of their vocabulary."""

SIGNING_IN: Mapping[str, tuple[Sentence, ...]] = {
    "page-unknown": (
        _("The address may be misspelt, or the page may have gone. Start from the home page."),
    ),
    "visit-over": (
        _("This visit is over. Go back to your course and open Relecture from there again."),
    ),
    "signed-out": (
        _(
            "You had been signed out when you sent this form, so nothing was changed. Sign in, and "
            "you are back where you were."
        ),
    ),
    "only-from-lms": (
        _("This page opens from inside a course. Go to your course and follow the link there."),
    ),
    "sign-in-unknown": (
        _("This address and this password do not go together. Check both, or sign in by email."),
    ),
    "email-malformed": (_("Write a whole email address, such as name@example.org."),),
    "email-taken": (_("Someone already has the address %(email)s here."),),
    "password-too-short": (_("A password has at least %(least)s characters. Add a word or two."),),
    "password-too-long": (_("A password has at most %(most)s characters. Shorten it."),),
    "too-many-tries": (
        _n(
            "Too many tries in a short time. Wait a minute, then try again.",
            "Too many tries in a short time. Wait %(minutes)s minutes, then try again.",
            "minutes",
        ),
    ),
    "mail-on-its-way": (
        _(
            "If somebody has this address here, an email with a link is on its way. It comes "
            "within a few minutes; check your spam folder too."
        ),
    ),
    "link-unknown": (
        _(
            "This link is incomplete or was changed. Open it again from the email, or ask for "
            "another one."
        ),
    ),
    "invitation-used": (
        _(
            "This invitation has been accepted already, or a newer one has taken its place: the "
            "link in the last email is the one that works."
        ),
    ),
    "link-used": (_("This link has already been used. Ask for another one on the sign-in page."),),
    "link-expired": (
        _("This link is too old to be used. Nothing is lost: sign in, and everything is there."),
    ),
    "first-run-over": (
        _(
            "This link has served, a newer one was printed, or somebody administers this "
            "installation already. If that is you, sign in."
        ),
    ),
    "first-run-expired": (
        _(
            "This link is more than a day old. Stop “relecture serve” and start it again: it "
            "prints a new one."
        ),
    ),
    "name-missing": (_("Write a name, of %(most)s characters at most."),),
    "organisation-unnamed": (
        _(
            "Write a name with a letter from A to Z or a digit in it, of %(most)s characters at "
            "most."
        ),
    ),
    "invitation-asked-again": (
        _(
            "If the invitation still stands, an email with a new link reaches the address that "
            "was invited within a few minutes; check your spam folder too. If nothing comes "
            "today, ask whoever invited you."
        ),
    ),
    "invitation-expired": (
        _("This invitation is more than seven days old, and its link has ended."),
    ),
    "link-ended": (
        _(
            "You have chosen a new password since this mail was sent, so its link no longer "
            "works. Sign in, and the question is there."
        ),
    ),
    "language-unknown": (_("The pages are in French and in English."),),
}

SPACING: Mapping[str, tuple[Sentence, ...]] = {
    "your-hour": (_("It comes around %(hour)s, the hour of your rhythm."),),
    "week-minutes-left": (_("After it, %(left)s of your %(limit)s minutes of the week are left."),),
    "gap": (_("At least %(days)s days go by after the last one, which came on %(last)s."),),
    "day-off": (_("%(day)s is one of your days off."),),
    "holiday": (_("%(day)s is a public holiday."),),
    "paused": (_("You paused until %(until)s."),),
    "snoozed": (_("You put it off until %(until)s."),),
    "outside-hours": (_("Your hours are from %(opens)s to %(closes)s."),),
    "touch-minutes": (
        _("It would take %(minutes)s minutes, and you set %(limit)s at most at a time."),
    ),
    "week-minutes": (
        _(
            "On %(day)s, %(left)s of your %(limit)s minutes of the week were left, too few "
            "for this."
        ),
    ),
    "day-skipped": (_("The clocks of your time zone skip %(day)s."),),
    "hour-passed": (_("On %(day)s your hour, %(hour)s, had already passed."),),
    "asked-to-lighten": (
        _("Several came at bad moments, so we ask, once, whether you would like a lighter rhythm."),
    ),
    "no-consent": (_("Nothing is sent before you say yes to the contract, or after you stop."),),
    "touch-open": (_("A question is already waiting for you: one at a time."),),
    "no-hours-allowed": (
        _("Your hours leave no time of day for a question. Widen them in your rhythm."),
    ),
    "no-days-allowed": (
        _("Every day is a day off in your rhythm. Free one of them to be asked again."),
    ),
    "too-early": (_("The next question comes from %(day)s on: it needs that much time."),),
    "nothing-to-ask": (_("There is nothing to ask you for the moment."),),
    "recall-due": (
        _(
            "It is asked again because it is about to be forgotten: the chance that you still "
            "remember it is about %(retrievability)s, and bringing it back now is what makes "
            "it last."
        ),
    ),
    "stage-reached": (
        _n(
            "From the day after the experience on, the question is about %(stage)s.",
            "From %(day)s days after the experience on, the question is about %(stage)s.",
            "day",
        ),
    ),
    "asked-again": (_("It found no answer yet, so it comes back once more."),),
    "another-experience": (_("It is about another experience of yours."),),
    "you-came": (_("You came by yourself."),),
    "you-chose": (_("You chose this question on your path."),),
}

ANSWERING: Mapping[str, tuple[Sentence, ...]] = {
    "answer-unknown": (
        _(
            "There is nothing to take back here: this answer was not given, or was taken back "
            "already."
        ),
    ),
    "answered-elsewhere": (
        _(
            "This question has been answered. To see the answer or take it back elsewhere than in "
            "the browser that gave it, sign in."
        ),
    ),
    "already-answered": (
        _(
            "You had already answered this question; your first answer is kept. Its page lets "
            "you take it back."
        ),
    ),
    "already-decided": (
        _("You had already decided here, perhaps in another tab. Your first choice stands."),
    ),
    "choice-stands": (
        _(
            "This choice can no longer be taken back: the story has gone on, or a question about "
            "it has come."
        ),
    ),
    "table-went-on": (_("The table went on while you were answering, and nothing was changed."),),
    "guest-too-late": (_("This has been answered, or is asked no more. Nothing was changed."),),
    "table-full": (_("Every seat of that table is taken. Choose another way to begin."),),
    "table-unknown": (_("There is no such table for you. Choose another way to begin."),),
    "not-for-several": (_("This experience is lived alone: no table is needed."),),
    "only-live": (
        _("Everybody has to be there at the same time for this one."),
        _("Whoever runs the course opens a live table for a cohort."),
    ),
    "rounds": (_("round"),),
    "round-number": (_("%(round)s"),),
    "rounds-so-far": (_("The rounds so far"),),
    "in-all": (_("in all"),),
    "to-each": (_("to each"),),
    "clause-name": (_("clause"),),
    "option-name": (_("terms"),),
    "your-points": (_("your points"),),
    "offers-so-far": (_("The offers, the last one first"),),
    "signed": (_("What was signed"),),
    "without-agreement": (_("Without an agreement"),),
    "how-voices-played": (_("How the recorded voices played"),),
    "criterion": (_("criterion"),),
    "at-first": (_("at first"),),
    "afterwards": (_("in the end"),),
    "grid-total": (_("total"),),
    "all-seats": (_("all together"),),
    "the-tasks": (_("What there is to do"),),
    "task-name": (_("task"),),
    "when": (_("when"),),
    "hours-word": (_("hours"),),
    "one-month": (_("%(month)s"),),
    "month-span": (_("%(first)s – %(last)s"),),
    "the-lines": (_("Knows how · is able · wants to, from 0 (no) to 2 (yes)"),),
    "said-by": (_("said by"),),
    "themselves": (_("self"),),
    "three-levels": (_("%(knows)s\u00a0·\u00a0%(able)s\u00a0·\u00a0%(wants)s"),),
    "twice-or-not": (_("What several do, what nobody does, in hours"),),
    "who": (_("who"),),
    "hours-twice": (_("done twice"),),
    "hours-missing": (_("missing"),),
    "nobody": (_("%(why)s"),),
    "who-does-what": (_("Who does what, when, how and with whom"),),
    "with-whom": (_("with"),),
    "how": (_("how"),),
    "as-they-said": (_("as they said"),),
    "handed-over": (_("What each hands over"),),
    "nothing-done": (_("–"),),
    "map-actor": (_("who"),),
    "who-moved": (_("Who moved whom"),),
    "chair-head": (_("place"),),
    "in-the-accounts": (_("In the accounts"),),
    "on-the-paper": (_("On your paper, and in no account"),),
    "a-year-later": (_("A year later"),),
    "still-there": (_("still there?"),),
    "flow-name": (_("what passes"),),
    "from-whom": (_("from whom"),),
    "to-whom": (_("to whom"),),
    "what-is-given": (_("of what sort"),),
    "what-passes": (_("%(what)s"),),
    "flow-state": (_("on the paper"),),
    "state-of-flow": (_("%(state)s"),),
    "goes-on": (_("%(goes)s"),),
    "act-impossible": (
        _("That choice is not offered here. Go back to the experience: it is where you left it."),
    ),
    "touch-planned": (
        _("This question has not come yet. You can answer it early from your home page."),
    ),
    "touch-missed": (
        _(
            "This question was answered or asked again since. Nothing is lost: what waits for you "
            "is listed under Questions."
        ),
    ),
    "touch-snoozed": (_("You put this question off. It comes back when you asked it to."),),
    "touch-answered": (_("You have already answered this one."),),
    "touch-unknown": (
        _("No question of yours is at this address. Those that came are listed under Questions."),
    ),
    "prompt-unknown": (_("This question is not open at the moment."),),
    "nothing-open": (_("No question is waiting at the moment."),),
    "too-late-to-undo": (
        _(
            "It is too late to take this answer back: its time is over, or a later question "
            "has come."
        ),
    ),
    "not-named-yet": (
        _(
            "What this was about cannot be read yet: questions that lead to it are still to come. "
            "The first of them can be answered now from your thread."
        ),
    ),
    "enrolment-unknown": (
        _("No experience of yours is at this address. Yours are on the home page."),
    ),
    "placement-unknown": (_("No experience is set in this section."),),
    "chose-otherwise": (_("Of %(people)s people, %(otherwise)s chose otherwise."),),
    "nearly-all-alike": (_("Of %(people)s people, nearly all chose as you did."),),
    "nearly-all-otherwise": (_("Of %(people)s people, nearly all chose otherwise."),),
    "not-in-own-words": (_("Only an answer in your own words can be shared."),),
    "floor-too-low": (
        _("People see of each other from %(least)s people on, or from more, up to %(most)s."),
    ),
    "course-over": (
        _(
            "This course has ended: nothing new opens in it, and nobody new joins. What you lived "
            "in it stays yours to read."
        ),
    ),
    "opens-later": (
        _(
            "This experience opens on %(from_day)s, with its part of the course. You will find it "
            "on your home page then."
        ),
    ),
    "last-administrator": (
        _(
            "You are the only administrator of your organisation, and nobody could run it after "
            "you. Whoever runs this installation can make another one; then you can leave."
        ),
    ),
    "prerequisite-first": (_("Another experience comes before this one: %(modules)s."),),
    "learner-unknown": (_("There is no such learner."),),
}

RHYTHM: Mapping[str, tuple[Sentence, ...]] = {
    "contract-first": (_("Read the contract and say yes first; the rhythm comes next."),),
    "preference-channel": (_("Choose email, or only these pages."),),
    "preference-language": (_("Choose French or English."),),
    "preference-zone": (_("Choose a time zone of the list."),),
    "preference-country": (_("Choose a country of the list, or none."),),
    "preference-opens": (
        _("Questions never come before %(earliest)s. Choose that hour or a later one."),
    ),
    "preference-closes": (
        _(
            "Questions never come after %(latest)s. Choose that hour or an earlier one, later than "
            "“not before”."
        ),
    ),
    "preference-hour": (_("Choose an hour between the two that you allow."),),
    "preference-days-off": (_("Keep at least one day on which a question may come."),),
    "preference-touch-minutes": (_("Choose 1 to %(most)s minutes at a time."),),
    "preference-week-minutes": (
        _("Choose at most %(most)s minutes a week, and no fewer than you allow at a time."),
    ),
    "preference-gap-days": (
        _("Choose between %(least)s and %(most)s days from one time to the next."),
    ),
    "preference-mail-without-address": (
        _("Your account has no email address. Choose these pages instead."),
    ),
    "zone-unknown": (_("%(zone)s is not a time zone. Choose one of the list."),),
    "day-malformed": (_("Write a whole date."),),
    "number-malformed": (_("Write a whole number."),),
    "pause-past": (_("Choose a day after today."),),
    "pause-too-long": (
        _("A pause ends on %(last)s at the latest. For longer than that, stop; you can come back."),
    ),
    "snooze-days": (_("It can be put off by %(offered)s days."),),
    "leave-not-confirmed": (_("Tick the box to say that you are sure. There is no way back."),),
    "done-lighter": (_("It is lighter now: fewer minutes, further apart."),),
    "done-as-it-is": (_("Your rhythm stays as it is."),),
    "done-pause": (_("Paused. Nothing comes before that day."),),
    "done-resume": (_("Welcome back. We start gently: one question at a time."),),
    "done-inbox-only": (_("No more emails. Your questions wait for you here."),),
    "done-stop": (_("Stopped. Nothing is sent any more, and what you lived stays yours."),),
}

SLOTTING: Mapping[str, tuple[Sentence, ...]] = {
    "course-theme": (_("Theme: %(theme)s"),),
    "week-load": (_("Week %(week)s then has %(minutes)s of its %(weekly_minutes)s minutes."),),
    "pinned": (_("You pinned it here."),),
    "kept": (_("It stood here before."),),
    "banned": (_("You left it out of this course."),),
    "shared-tags": (_("It shares these tags with the section: %(tags)s."),),
    "shared-words": (_("It speaks of the same things: %(words)s."),),
    "after-prerequisite": (_("It comes after %(modules)s."),),
    "aims-served": (_("It serves what nothing served yet: %(aims)s."),),
    "audience-group-size": (
        _(
            "It is for groups of %(low)s to %(high)s; here people learn in groups of "
            "%(group_size)s."
        ),
    ),
    "audience-language": (_("It is in %(languages)s; the course is in %(wanted)s."),),
    "audience-maturity": (
        _("It is for maturity %(low)s to %(high)s; the people here are at %(maturity)s."),
    ),
    "audience-mode": (_("It is lived %(mode)s; the course is held %(wanted)s."),),
    "no-link": (
        _(
            "No section has anything to do with it: no shared tag, and fewer than two words "
            "in common."
        ),
    ),
    "no-room-in-week": (
        _("“%(section)s”: week %(week)s has %(free)s minutes left, and it takes %(minutes)s."),
    ),
    "longer-than-section": (
        _("“%(section)s” lasts %(length)s minutes, and it takes %(minutes)s."),
    ),
    "longer-than-week": (_("It takes %(minutes)s minutes, and a week has %(weekly_minutes)s."),),
    "outside-window": (_("“%(section)s” is outside the dates that you allow."),),
    "prerequisite-left-out": (_("What comes before it was left out: %(modules)s."),),
    "prerequisite-too-late": (_("“%(section)s” comes before what it stands on: %(modules)s."),),
    "section-taken": (_("“%(section)s” already holds %(module)s."),),
    "too-alike-nearby": (
        _("Too close to “%(section)s” there is another %(kind)s, or the plan gains nothing by it."),
    ),
    "unknown-module": (
        _("There is no experience called %(module)s among those that are installed."),
    ),
    "unknown-section": (_("The course has no section called %(section)s."),),
    "section-unknown": (_("The course has no section called %(section)s."),),
    "module-unknown": (
        _("There is no experience called %(module)s among those that are installed."),
    ),
    "module-ambiguous": (
        _("Several packs have an experience called %(module)s. Say which one: %(candidates)s."),
    ),
    "course-unknown": (
        _("There is no such course: %(course)s."),
        _("There is no such course, or it is not yours."),
    ),
    "slotting-out-of-time": (
        _("No plan was found in time. Remove a pin or two, then place again."),
    ),
    "slotting-overtaken": (
        _(
            "The course was changed again and again while it was being placed. Look at it as "
            "it is now, then place again."
        ),
    ),
    "plan-stale": (
        _(
            "The course has changed since this plan was shown, and nothing was kept. Look at the "
            "course as it is now, then ask for the change again."
        ),
    ),
    "nothing-to-undo": (_("There is no change to undo."),),
    "undo-overtaken": (
        _(
            "Something else has changed in this course since, so the last change cannot be undone "
            "as a whole. Pin, leave out or move what you want otherwise."
        ),
    ),
    "ends-in-the-past": (_("Choose today or a later day."),),
    "debriefs-not-said": (
        _("Say what becomes of open debriefs: they are finished, or they stop."),
    ),
    "not-ended": (_("Only a course that has ended can be archived. End it first."),),
    "runs-already": (_("This course is running already."),),
    "no-monday": (_("Choose a Monday: the first day of the first week."),),
    "word-empty": (_("Write a word, or take the one that is there back."),),
    "word-too-long": (
        _("It has %(length)s characters, and %(most)s at most are kept. Shorten it."),
    ),
    "sentence-unknown": (
        _("This sentence is not shared any more: whoever wrote it has taken it back."),
    ),
    "limits-conflict": (_("These limits cannot all hold. %(reasons)s"),),
    "pin-banned": (_("The same experience is pinned and banned: %(bans)s."),),
    "pin-needs-banned": (_("What is pinned stands on what is banned: %(bans)s."),),
    "pin-impossible": (_("It is impossible to pin %(pins)s. %(why)s"),),
    "pin-without-prerequisite": (
        _("%(pins)s leaves no room before it for what it stands on: %(after)s."),
    ),
    "pins-share-section": (
        _("Two experiences are pinned to “%(section)s”, and a section holds one."),
    ),
    "pins-share-module": (_("%(module)s is pinned to two sections, and it is lived once."),),
    "pins-exceed-week": (
        _(
            "What is pinned to week %(week)s takes %(minutes)s minutes, and a week has "
            "%(weekly_minutes)s."
        ),
    ),
    "pin-before-prerequisite": (_("%(pins)s: one is pinned before what it stands on."),),
    "pins-conflict": (_("These pins cannot all hold: %(pins)s."),),
    "weekly-minutes": (_("Grant one to %(most)s minutes a week."),),
    "too-many-invited": (
        _("That would be more than %(most)s invitations in an hour. Wait, then go on."),
    ),
    "invite-malformed": (
        _n(
            "“%(emails)s” is not a whole address. Correct it; nobody is invited yet.",
            "%(count)s addresses are not whole: %(emails)s. Correct them; nobody is invited yet.",
            "count",
        ),
    ),
}

PLACING: Mapping[str, tuple[Sentence, ...]] = {
    "pasted-faulty": (
        _n(
            "One thing is to be corrected; the sections are as they were.",
            "%(count)s things are to be corrected; the sections are as they were.",
            "count",
        ),
    ),
    "pasted-empty": (_("There is no section yet. Write or paste one a line."),),
    "pasted-too-many": (
        _("Line %(line)s: a course has %(most)s sections at most. Keep the larger ones."),
    ),
    "pasted-title-missing": (
        _("Line %(line)s: this section has no title. Write it, or remove the line."),
    ),
    "pasted-title-long": (
        _(
            "Line %(line)s: this title has %(length)s characters, and we keep %(most)s. Put what "
            "explains it on the lines below, indented."
        ),
    ),
    "pasted-text-long": (
        _(
            "Line %(line)s: the text of this section has %(length)s characters, and we keep "
            "%(most)s. Shorten it."
        ),
    ),
    "pasted-week": (
        _("Line %(line)s: %(week)s is no week of a course. Write one from 1 to %(most)s."),
    ),
    "maturity": (_("Choose one of the four."),),
    "choice-unknown": (
        _("One of these experiences is no longer here. Choose again from the list."),
    ),
    "choice-one-only": (
        _(
            "Your platform takes one link at a time. Keep one, place it, then come back for "
            "the next."
        ),
    ),
    "choice-no-links": (
        _("Your platform takes no links from here at this place, so nothing can be placed."),
    ),
    "choice-nothing": (
        _("Choose at least one experience or page, or go back without placing anything."),
    ),
    "placed-link-unknown": (
        _("This course has no such link to Relecture. Perhaps it was removed on the platform."),
    ),
    "choice-counts": (_("Choose one of the ways to count that are offered."),),
    "choice-points": (_("Write a number of points from 1 to %(most)s."),),
    "choice-plan-empty": (
        _("No experience suits a section of this course yet, so there is nothing to place."),
    ),
}

PACKS: Mapping[str, tuple[Sentence, ...]] = {
    "faulty-file": (
        _n(
            "%(file)s was refused whole: one fault.",
            "%(file)s was refused whole: %(count)s faults.",
            "count",
        ),
    ),
    "pack-id": (
        _("%(id)s cannot be a pack’s id. Write a-z, 0-9 and -, such as budget-de-la-halle."),
    ),
    "pack-unknown": (_("Version %(version)s of the pack %(pack)s is not installed."),),
    "pack-damaged": (
        _(
            "Version %(version)s of the pack %(pack)s is damaged in the database. Restore it "
            "from a backup."
        ),
    ),
    "pack-version-taken": (
        _(
            "Version %(version)s of the pack %(pack)s is installed with other content. Give "
            "the new content a new version: learners stay on the one that they began."
        ),
    ),
    "zip-damaged": (_("This is not a zip file, or it is damaged."),),
    "zip-too-large": (_("%(file)s is too large for a pack."),),
    "zip-too-many-files": (_("A pack holds at most %(files)s files."),),
    "zip-twice": (_("%(file)s is in the zip file twice."),),
    "delivery-refused": (_("The email could not leave: %(words)s"),),
}

CONNECTING: Mapping[str, tuple[Sentence, ...]] = {
    "connection-missing": (_("Copy it from the platform: nothing works without it."),),
    "connection-too-long": (
        _("This has more than %(most)s characters. Copy it again from the platform."),
    ),
    "connection-unprintable": (
        _("Something invisible came along when it was copied. Type it instead."),
    ),
    "connection-address": (_("Write a whole address, such as https://lms.example.org/path."),),
    "connection-https": (
        _(
            "Write it with https. Plain http is for networks that whoever runs Relecture allowed "
            "(RELECTURE_LTI_ALLOW_NETS)."
        ),
    ),
    "connection-origin": (
        _(
            "“%(line)s” is not the address of a site alone. Write it such as "
            "https://school.example.org."
        ),
    ),
    "connection-too-many": (_("Write at most %(most)s lines."),),
    "connection-taken": (
        _(
            "Your organisation already has a connection with this issuer and this client ID. "
            "Change that one, or check both."
        ),
    ),
    "connection-deployment": (
        _("A deployment ID has one to %(most)s characters. Copy it from the platform."),
    ),
    "platform-keys-none": (
        _(
            "The key address answered, but with no key that serves here: RSA of 2,048 bits or "
            "more, for RS256."
        ),
    ),
    "erase-name-differs": (_("This is not its name. Type it as it stands above: %(name)s"),),
}

SENTENCES: Mapping[str, tuple[Sentence, ...]] = {
    "unknown-reason": (
        _("Something was decided for a reason that has no words any more (%(name)s)."),
    ),
    **SIGNING_IN,
    **SPACING,
    **ANSWERING,
    **FILES,
    **DESK,
    **PEOPLE,
    **UPLOADS,
    **FORMS,
    **FORMATS,
    **RHYTHM,
    **SLOTTING,
    **PLACING,
    **PACKS,
    **ADMIN,
    **CONNECTING,
}
"""The possible sentences for each code: the first whose holes can all be filled is used."""
