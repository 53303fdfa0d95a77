"""Sentences about files that people bring: outlines, and lists of people."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

FILES: Mapping[str, tuple[str, ...]] = {
    "sheet-empty": (_("There is nothing in it."),),
    "sheet-too-large": (
        _(
            "It holds more than %(most)s MB, or unpacks to more: too much for a table. Keep what "
            "is needed, and save it again."
        ),
    ),
    "sheet-other": (
        _(
            "This is %(kind)s: no table can be read in it. Save or copy the table as XLSX, ODS or "
            "CSV."
        ),
    ),
    "sheet-damaged": (
        _("This looks like %(kind)s, but it is damaged or not wholly there. Save it again."),
    ),
    "sheet-letters": (
        _(
            "Line %(line)s holds letters that could be read in several ways, and none is guessed. "
            "Save the file as “CSV UTF-8”, or say which encoding it has."
        ),
    ),
    "sheet-letters-lost": (
        _(
            "Line %(line)s: a letter was lost before the file came here. Export it again from "
            "where it was made."
        ),
    ),
    "sheet-letters-repaired": (
        _("The letters with accents had been encoded twice; they are right again."),
    ),
    "sheet-too-many-rows": (_("It has more than %(most)s rows."),),
    "sheet-hidden": (_("Hidden sheets were not read: %(sheets)s."),),
    "sheet-quotation": (
        _("Line %(line)s: a quotation mark is never closed, and was read as any other sign."),
    ),
    "sheet-column-unused": (
        _("The column “%(heading)s” is not used. Is “%(near)s” meant?"),
        _("The column “%(heading)s” is not used."),
    ),
    "sheet-column-unnamed": (_("Column %(number)s has no heading, and is not used."),),
    "outline-no-titles": (
        _("No column could be told to hold the titles of the sections. Say which one does."),
    ),
    "outline-no-sections": (_("No section was found in it: a section needs a title."),),
    "outline-too-many": (_("A course has %(most)s sections at most. Split it."),),
    "outline-people": (_("This looks like a list of people, not like the plan of a course."),),
    "outline-titles-guessed": (
        _("No column is headed as titles are. They were taken from: %(headings)s."),
    ),
    "outline-line-above": (_("Line %(line)s, above the table, is not used: “%(words)s”."),),
    "outline-setting-unread": (
        _("Line %(line)s says something unknown: “%(words)s”. Is “%(near)s” meant?"),
        _("Line %(line)s says something about the course that cannot be read: “%(words)s”."),
    ),
    "outline-row-break": (_("Line %(line)s is a break: “%(words)s”."),),
    "outline-row-total": (_("Line %(line)s is a total: “%(words)s”."),),
    "outline-row-heading": (_("Line %(line)s repeats the headings."),),
    "outline-row-band": (_("Line %(line)s heads what follows, and is no section: “%(words)s”."),),
    "outline-row-untitled": (_("Line %(line)s has no title."),),
    "outline-title-shortened": (
        _("Line %(line)s: the title was cut at %(most)s characters. The text has it whole."),
    ),
    "outline-cell-unread": (
        _("Line %(line)s, column “%(heading)s”: “%(words)s” could not be read as %(what)s."),
        _("Line %(line)s: “%(words)s” could not be read as %(what)s."),
    ),
    "outline-day-unclear": (
        _(
            "Line %(line)s: “%(words)s” may be more than one day. Say its year, or whether the day "
            "or the month comes first."
        ),
    ),
    "outline-durations-unclear": (
        _(
            "Column “%(heading)s”: its numbers may be hours or minutes, so no duration was kept. "
            "Say which they are."
        ),
    ),
    "outline-turned": (
        _("The days stand side by side in this table. Each became a section: %(headings)s."),
    ),
    "outline-hidden": (_("“%(words)s” is hidden from learners, and left out."),),
    "outline-unnamed": (
        _("Section %(number)s of the archive has no name of its own, and is left out."),
    ),
    "outline-weeks-from-zero": (_("The weeks were counted from 0; here they begin at 1."),),
    "people-none": (_("No e-mail address was found in it."),),
    "people-too-many": (
        _("%(most)s people at most are read at once; those from line %(line)s on are left out."),
    ),
    "person-without-address": (_("Line %(line)s has no e-mail address: “%(words)s”."),),
    "person-address": (_("Line %(line)s: “%(email)s” is not a whole e-mail address."),),
    "person-twice": (_("Line %(line)s: %(email)s is already on line %(first)s."),),
}

FILE_TERMS: Mapping[str, Mapping[str, str]] = {
    "files": {
        "workbook": _("an Excel workbook"),
        "spreadsheet": _("a LibreOffice spreadsheet"),
        "old-workbook": _("an Excel workbook of an old or binary format (XLS, XLSB)"),
        "locked": _("a file that a password protects"),
        "text-document": _("a text document (such as Word)"),
        "slides": _("a slide show (such as PowerPoint)"),
        "pages-document": _("an Apple document (Numbers, Pages, Keynote)"),
        "pdf": _("a PDF"),
        "book": _("an e-book"),
        "picture": _("a picture"),
        "sound": _("a sound recording"),
        "film": _("a video"),
        "archive": _("a compressed archive"),
        "moodle": _("a Moodle backup"),
        "scorm": _("a SCORM package"),
        "cartridge": _("a Common Cartridge"),
        "package": _("a package of learning content"),
        "olx": _("an Open edX course"),
        "h5p": _("an H5P activity"),
        "calendar": _("a calendar (ICS)"),
        "contacts": _("a file of address cards (VCF)"),
        "mail": _("an e-mail"),
        "database": _("a database"),
        "program": _("a program"),
        "json": _("JSON data"),
        "markup": _("XML data"),
        "web-page": _("a web page without a table"),
        "unknown": _("a file of a kind that is not known here"),
    },
    "outline-fields": {
        "id": _("an identifier"),
        "number": _("a number"),
        "title": _("a title"),
        "text": _("a text"),
        "week": _("a week"),
        "starts": _("a day"),
        "ends": _("a last day"),
        "minutes": _("a duration"),
        "tags": _("tags"),
    },
}
