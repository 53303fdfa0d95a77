"""What somebody handed in, from the upload to « keep » or « drop ». It waits in a row, since a file
may be larger than a form can carry, and survives corrections, reloads and the back button; nobody
but who handed it in sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from engine.courses.reasons import UploadGone
from engine.storage.tables import Course, Upload
from engine.storage.work import Work
from engine.values.errors import NotFound

MOST = 5
"""So many uploads of one person wait at most; with one more, the oldest is dropped."""


def hand_in(
    work: Work, by: str, kind: str, course: Course | None, name: str, data: bytes
) -> Upload:
    """Keeps a file for a day at most; ``by`` is an account."""
    waiting = select(Upload).where(Upload.account == by, Upload.asked_at.is_(None))
    for old in list(work.session.scalars(waiting.order_by(Upload.made_at.desc())))[MOST - 1 :]:
        work.session.delete(old)
    made = Upload(
        account=by,
        course=course.id if course else None,
        kind=kind,
        name=name[:200],
        said={},
        made_at=work.wall,
        data=data,
    )
    work.session.add(made)
    work.session.flush()
    return made


def upload_of(unit: Session, by: str, kind: str, upload: str) -> Upload:
    """That upload with its data, if this account handed it in. Raises
    ``NotFound("upload-gone")``."""
    wanted = select(Upload).options(undefer(Upload.data))
    found = unit.scalars(
        wanted.where(Upload.id == upload, Upload.account == by, Upload.kind == kind)
    ).one_or_none()
    if found is None:
        raise NotFound(UploadGone())
    return found


def correct(unit: Session, upload: Upload, said: Mapping[str, Any]) -> None:
    """Keeps what the person says otherwise."""
    upload.said = dict(said)
    unit.flush()


def drop(unit: Session, upload: Upload) -> None:
    """Forgets the file."""
    unit.delete(upload)
    unit.flush()
