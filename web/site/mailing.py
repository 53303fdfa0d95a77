"""Whether mails leave this machine: one sentence for every page on which somebody asks for one."""

from __future__ import annotations

from flask_babel import gettext

from web.site.context import current_services, person


def mail_stays_here() -> str:
    """Says that no mail server is set, so that what was asked for lies in a folder here; "" where
    mails leave, and in the demo, whose visitor reads them. The folder is told to those who run
    something, not to visitors."""
    settings, reader = current_services().settings, person()
    if settings.smtp is not None or settings.demo:
        return ""
    if reader is not None and reader.facilitates:
        said = gettext(
            "No mail server is set (RELECTURE_SMTP_URL): emails do not leave, they are files in "
            "%(folder)s on the server.",
            folder=settings.maildir,
        )
    else:
        said = gettext(
            "This installation has no mail server yet: its emails do not leave. Ask whoever runs "
            "it."
        )
    return str(said)
