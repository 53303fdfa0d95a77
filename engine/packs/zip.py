"""Packs files into a ZIP archive and back: reproducible bytes out, nothing unsafe in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from engine.packs.read import MAX_FILE, MAX_FILES, MAX_PACK, is_pack_file
from engine.packs.reasons import ZipDamaged, ZipTooLarge, ZipTooManyFiles, ZipTwice
from engine.values.errors import Invalid

_EPOCH = (1980, 1, 1, 0, 0, 0)


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """An archive of ``files`` (path inside the pack → bytes), sorted and dated 1980 so that equal
    files give equal archives."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, files[name])
    return whole.getvalue()


def unzip(data: bytes) -> dict[str, bytes]:
    """The pack's files in an archive, by path; files that the format does not know are ignored.

    Raises ``Invalid``: ``zip-damaged``, ``zip-too-many-files`` (over 2 000), ``zip-too-large``
    (over 2 MB per file or 20 MB in all, whatever the archive claims), ``zip-twice`` (two files with
    the same name).
    """
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_FILES:
                raise Invalid(ZipTooManyFiles(files=MAX_FILES))
            for info in filter(lambda info: is_pack_file(info.filename), archive.infolist()):
                if info.filename in files:
                    raise Invalid(ZipTwice(file=info.filename))
                files[info.filename] = _content(
                    archive, info, MAX_PACK - sum(map(len, files.values()))
                )
    except Invalid:
        raise
    except (
        Exception
    ) as error:  # a damaged archive raises many kinds of error, depending on the compression
        raise Invalid(ZipDamaged()) from error
    return files


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    with archive.open(info) as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > min(MAX_FILE, left):
        raise Invalid(ZipTooLarge(file=info.filename))
    return data
