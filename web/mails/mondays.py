"""The mail that tells somebody on Monday how a course goes: counts and names, and where to do
something about it. Made without a request, of what is true when it is sent."""

from __future__ import annotations

from engine.courses.mondays import Opening, news_of, runs, zone_of_account
from engine.delivery.message import Message
from engine.storage.tables import Account, Course, MondayMail
from engine.storage.work import Work
from engine.values.lines import one_line
from web.mails.letters import Letters
from web.words import i18n


def monday_mail(letters: Letters, work: Work, row: MondayMail) -> Message | None:
    """The mail of that week; None if there is nothing to tell, or they run the course no more."""
    unit = work.session
    course = unit.get(Course, (row.tenant, row.course))
    account = unit.get(Account, (row.tenant, row.account))
    if course is None or account is None or not runs(unit, row.course, row.account):
        return None
    zone = zone_of_account(unit, row.account)
    news = news_of(work, course, zone)
    if news is None:
        return None
    _ = i18n.catalogue(account.language).ugettext
    links, slug = letters.links, course.slug
    told = {
        "course": one_line(course.title),
        "opens": [(one.section, _title(work, one, account.language)) for one in news.opens],
        "news": news,
        "desk": links.desk(slug),
        "people": {
            state: links.desk(slug, "people", state=state)
            for state in ("unbegun", "invited", "refused")
        },
    }
    return letters.monday(
        row.email,
        account.language,
        _("This week: %(course)s") % {"course": one_line(course.title)},
        told,
        links.no_monday(row.tenant, row.course, row.account, work.wall),
        key=("monday-mail", row.tenant, row.course, row.account, row.week),
        about=[row.account],
    )


def _title(work: Work, one: Opening, language: str) -> str:
    module = work.library.module(one.pack, one.version, one.module)
    return module.text("cover.title", language)
