"""Reads a folder of files into a pack, or into every fault that prevents it. ``lint`` judges the
content."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.packs.document import Document, load
from engine.packs.missing import missing_strings, told
from engine.packs.model import Manifest, Module, ModuleSpec, Pack
from engine.packs.shape import shape
from engine.packs.sidecar import Sidecar, parse
from engine.values.faults import Fault, Faults, in_order, too_large

MAX_FILE, MAX_PACK = 2_000_000, 20_000_000
"""The maximum size of one file and of a whole pack, in bytes."""
MAX_FILES = 2_000
"""The maximum number of files in a pack: an archive with more is never opened."""
_PATTERN = re.compile(r"pack\.yaml|[^/\\]+/(module\.yaml|[^/\\]+\.(md|png|jpg|jpeg|webp))")
_IMAGE = re.compile(r".+\.(png|jpg|jpeg|webp)")


@dataclass(frozen=True)
class ModuleDraft:
    """A module as far as it could be read: ``spec`` is None if its shape is wrong."""

    id: str
    document: Document
    spec: ModuleSpec | None
    faults: tuple[Fault, ...]
    sidecars: Mapping[str, Sidecar]
    images: Mapping[str, bytes]

    def path(self, name: str) -> str:
        """The path of one of its files inside the pack."""
        return f"{self.id}/{name}"

    def no_words(self, lang: str) -> Fault:
        """The fault of lacking a sidecar in a required language."""
        return Fault(
            self.path(f"{lang}.md"),
            1,
            1,
            "sidecar-missing",
            {"module": self.id, "lang": lang},
        )


@dataclass(frozen=True)
class Draft:
    """A pack as far as it could be read, and every fault found on the way."""

    document: Document
    manifest: Manifest | None
    modules: Mapping[str, ModuleDraft] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def is_pack_file(path: str) -> bool:
    """Whether the format knows that path (``module/fr.md``); hidden files and folders never
    count."""
    return bool(_PATTERN.fullmatch(path)) and not any(
        part.startswith(".") for part in path.split("/")
    )


def read_folder(path: Path) -> dict[str, bytes]:
    """The pack's files under ``path``, by their path inside it; other files are ignored.

    Raises ``Faults`` for a link that leads outside or nowhere, a file that cannot be read or is
    over 2 MB, a name that is not UTF-8, and a pack over 20 MB or 2 000 files.
    """
    root, files, faults, size = path.resolve(), dict[str, bytes](), list[Fault](), 0
    names = sorted(_walk(path))
    if crowded := too_many_files(len(names)):
        raise Faults(crowded)
    for name in names:
        file = path / name
        if fault := _unfit(root, file, name):
            faults.append(fault)
            continue
        if size <= MAX_PACK:
            files[name] = _content(file)
        size += max(len(files.get(name, b"")), file.stat().st_size)
    grown = {name: len(data) for name, data in files.items() if len(data) > MAX_FILE}
    faults += [too_large(name, found, MAX_FILE) for name, found in grown.items()]
    if size > MAX_PACK:
        faults.append(too_large("pack.yaml", size, MAX_PACK))
    if faults:
        raise Faults(faults)
    return files


def _content(file: Path) -> bytes:
    """What a file holds, and no more than a byte too much: it may grow while it is read."""
    with file.open("rb") as opened:
        return opened.read(MAX_FILE + 1)


def _unfit(root: Path, file: Path, name: str) -> Fault | None:
    """Why a file cannot be part of the pack under ``root``; None if it can."""
    try:
        real = file.resolve()
        readable = real.is_file() and os.access(real, os.R_OK)
    except (OSError, RuntimeError):  # a link that leads back to itself
        real, readable = root, False
    if not real.is_relative_to(root):
        return Fault(name, 1, 1, "link-outside")
    if not readable:
        return Fault(name, 1, 1, "file-unreadable")
    if not _is_utf8(name):
        return Fault(name, 1, 1, "name-not-utf-8")
    size = real.stat().st_size
    return too_large(name, size, MAX_FILE) if size > MAX_FILE else None


def _is_utf8(name: str) -> bool:
    """Whether a name as ``os`` returns it, with undecodable bytes as lone surrogates, is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def too_many_files(count: int) -> tuple[Fault, ...]:
    """The fault of a pack of ``count`` files if that is more than allowed, else nothing."""
    if count <= MAX_FILES:
        return ()
    return (Fault("pack.yaml", 1, 1, "files-too-many", {"count": count, "most": MAX_FILES}),)


def _walk(path: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(path):
        inside = Path(folder).relative_to(path)
        folders[:] = [name for name in folders if not inside.parts]
        yield from (found for name in names if is_pack_file(found := (inside / name).as_posix()))


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) of the pack's files: independent of their order, and different if any byte or
    name differs."""
    whole = hashlib.sha256()
    for name in sorted(filter(is_pack_file, files)):
        whole.update(f"{len(name.encode())} {name} {len(files[name])} ".encode() + files[name])
    return whole.hexdigest()


def read_pack(files: Mapping[str, bytes]) -> Pack:
    """The pack made of these files. Raises ``Faults`` with every fault of reading.

    A pack that reads can be played in the language it was written in. Whether it is fit to be
    installed is for ``lint.read_sound``, so that a stricter linter never makes an installed pack
    unreadable.
    """
    return pack_of(read_draft(files), files)


def pack_of(draft: Draft, files: Mapping[str, bytes]) -> Pack:
    """The pack built from a draft of ``files``. Raises ``Faults`` as ``read_pack`` does."""
    faults = [
        *draft.faults,
        *(fault for module in draft.modules.values() for fault in missing_words(draft, module)),
    ]
    if faults or draft.manifest is None:
        raise Faults(faults)
    written_in = draft.manifest.written_in
    modules = {
        m.id: Module(
            m.spec, written_in, {lang: s.texts() for lang, s in m.sidecars.items()}, m.images
        )
        for name in draft.manifest.modules
        if (m := draft.modules[name]).spec is not None
    }
    return Pack(draft.manifest, modules, digest(files))


def read_draft(files: Mapping[str, bytes]) -> Draft:
    """As much of the pack as can be read. Never raises."""
    if "pack.yaml" not in files:
        nothing = load("pack.yaml", b"")
        return Draft(nothing, None, faults=(nothing.fault((), "manifest-missing"),))
    document = load("pack.yaml", files["pack.yaml"])
    manifest, faults = shape(document, Manifest)
    folders = _by_folder(files)
    modules = {
        folder: _module(folder, own) for folder, own in folders.items() if "module.yaml" in own
    }
    found = [*document.faults, *faults, *_folders(document, manifest, folders, modules)]
    for module in modules.values():
        found += _module_faults(module, manifest)
    return Draft(document, manifest, modules, in_order(found))


def _by_folder(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Folder → name → bytes of every file that the format knows, in order of name."""
    folders: dict[str, dict[str, bytes]] = {}
    for folder, slash, name in sorted(path.partition("/") for path in filter(is_pack_file, files)):
        if slash:
            folders.setdefault(folder, {})[name] = files[f"{folder}/{name}"]
    return folders


def _module(folder: str, own: Mapping[str, bytes]) -> ModuleDraft:
    """The module of a folder; ``own`` maps its file names, in order, to bytes."""
    document = load(f"{folder}/module.yaml", own["module.yaml"])
    spec, faults = shape(document, ModuleSpec)
    return ModuleDraft(
        folder,
        document,
        spec,
        (*document.faults, *faults),
        {
            name[:-3]: parse(f"{folder}/{name}", data)
            for name, data in own.items()
            if name.endswith(".md")
        },
        {name: data for name, data in own.items() if _IMAGE.fullmatch(name)},
    )


def _module_faults(module: ModuleDraft, manifest: Manifest | None) -> Iterator[Fault]:
    yield from module.faults
    for lang, sidecar in module.sidecars.items():
        yield from sidecar.faults
        if manifest is not None and lang not in manifest.languages:
            yield Fault(
                sidecar.file,
                1,
                1,
                "language-unknown",
                {"lang": lang, "languages": manifest.languages},
            )
    if module.spec is not None and module.spec.id != module.id:
        yield module.document.fault(("id",), "id-not-folder", {"folder": module.id})


def _folders(
    document: Document,
    manifest: Manifest | None,
    folders: Iterable[str],
    modules: Mapping[str, ModuleDraft],
) -> Iterator[Fault]:
    if manifest is None:
        return
    for i, name in enumerate(manifest.modules):
        if name not in modules:
            yield document.fault(("modules", i), "module-missing", {"module": name})
        if name in manifest.modules[:i]:
            yield document.fault(("modules", i), "listed-twice.modules", {"module": name})
    for name in folders:
        if name not in manifest.modules:
            yield document.fault(("modules",), "module-unlisted", {"folder": name})


def missing_words(draft: Draft, module: ModuleDraft) -> Iterator[Fault]:
    """The faults for strings that the module requires but that the language it was written in
    lacks."""
    if draft.manifest is None or module.spec is None:
        return
    lang = draft.manifest.written_in
    sidecar = module.sidecars.get(lang)
    if sidecar is None:
        yield module.no_words(lang)
        return
    yield from told(
        sidecar,
        missing_strings(module.spec, sidecar),
        "string-missing.many",
        lambda string, line: _missing_word(sidecar, string, line),
    )


def _missing_word(sidecar: Sidecar, string: str, line: int) -> Fault:
    if string.endswith(".after"):
        values = {"choice": string[:-6], "string": string}
        return Fault(sidecar.file, line, 1, "choice-without-feedback", values)
    return Fault(sidecar.file, line, 1, "string-missing", {"string": string})
