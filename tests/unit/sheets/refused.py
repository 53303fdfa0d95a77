"""What somebody may hand in that is no plan and no list, with what is said of it in English and in
French."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile

from tests.unit.curriculum import backups
from tests.unit.sheets import files

BACKUP = backups.moodle([backups.Part("Semer", ["Un"])])


def linked() -> bytes:
    """A backup in which one member is a link to a file outside of it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("moodle_backup.xml", BACKUP["moodle_backup.xml"])
        link = zipfile.ZipInfo("sections/section_1/section.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    return held.getvalue()


def bomb() -> bytes:
    """A workbook whose one sheet unpacks to 60 MB."""
    sheet = "<worksheet><sheetData>" + "<row/>" * 10_000_000
    book = files.xlsx([["a"]])
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(held, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.startswith("xl/worksheets") else old.read(name))
    return held.getvalue()


REFUSED = {
    "nothing": (b"", "nothing in it", "rien dedans"),
    "blank lines": (b"\n \n\n", "nothing in it", "rien dedans"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "a picture", "une image"),
    "a PDF": (b"%PDF-1.7 ...", "a PDF", "un PDF"),
    "a text document": (
        files.zipped({"word/document.xml": "<a/>"}),
        "a text document",
        "un document de texte",
    ),
    "some zip": (files.zipped({"a.txt": "a"}), "a compressed archive", "une archive compressée"),
    "a zip that was cut": (
        files.zipped({"a.txt": "a"})[:30],
        "a compressed archive",
        "une archive compressée",
    ),
    "a zip within a zip": (
        files.zipped({"a.zip": files.zipped({"b.zip": b"PK"})}),
        "a compressed archive",
        "une archive compressée",
    ),
    "a bomb": (bomb(), "24 MB", "24 Mo"),
    "a link": (linked(), "damaged", "abîmé"),
    "a name that climbs": (
        files.zipped(BACKUP | {"../../etc/cron.d/x": b"x"}),
        "damaged",
        "abîmé",
    ),
    "a name of Windows": (files.zipped(BACKUP | {"C:\\x": b"x"}), "damaged", "abîmé"),
    "headings alone": (b"Semaine;Titre\n", "No section", "Aucune partie"),
    "100 001 rows": (b"a;b\n" * 100_001, "100,000 rows", "100\u202f000 lignes"),
    "2 001 rows": (b"Semaine;Titre\n" + b"1;Semer\n" * 2_001, "500 sections", "500 parties"),
    "one long line": (b"a" * 900_000, "No section", "Aucune partie"),
    "a gzip of anything": (gzip.compress(b"a"), "a compressed archive", "une archive compressée"),
}
