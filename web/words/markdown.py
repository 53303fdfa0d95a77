"""Renders Markdown to safe HTML and to plain text: the only way for authors' and learners' words to
enter a page or a mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

ImageUrl = Callable[[str], str | None]
"""Maps the name of a pack's image to its address on this site, or None if there is no such
image."""

KEPT = 1024
"""How many texts are kept as HTML, and how many as plain text: those of authors come back in every
mail."""
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "hr", "a", "img"}
_INLINE_TAGS = {"em", "strong"}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}}
_PARSER = MarkdownIt("commonmark", {"html": False}).disable(
    ["heading", "lheading", "code", "fence", "reference", "html_block", "html_inline", "autolink"]
)
"""Pages have their own headings and stories contain no code, so ``#`` and indented lines are plain
text."""


def no_images(_name: str) -> str | None:
    """For use without a pack: the alternative text replaces every image."""
    return None


def render(text: str, image_url: ImageUrl = no_images) -> Markup:
    """HTML with paragraphs, emphasis, lists, quotations, https links and the images that
    ``image_url`` knows; anything else stays text."""
    return _without_images(text) if image_url is no_images else _rendered(text, image_url)


@lru_cache(maxsize=KEPT)
def _without_images(text: str) -> Markup:
    return _rendered(text, no_images)


def _rendered(text: str, image_url: ImageUrl) -> Markup:
    tokens = _PARSER.parse(text)
    for token in tokens:
        token.children = [_image(child, image_url) for child in token.children or []]
    return Markup(
        nh3.clean(
            _PARSER.renderer.render(tokens, _PARSER.options, {}),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            attribute_filter=_known_address,
            url_schemes={"https"},
            link_rel="noopener noreferrer",
        )
    )


@lru_cache(maxsize=KEPT)
def inline(text: str) -> Markup:
    """HTML for one line, such as a button, a label or a heading: only emphasis, no paragraph, no
    link."""
    return Markup(nh3.clean(_PARSER.renderInline(text), tags=_INLINE_TAGS, attributes={}))


@lru_cache(maxsize=KEPT)
def plain(text: str) -> str:
    """The same words without markup, for mails: paragraphs separated, ``>`` before quotations,
    addresses after links."""
    return "\n\n".join(prefix + words for prefix, words in _blocks(_PARSER.parse(text)))


def _image(token: Token, image_url: ImageUrl) -> Token:
    if token.type != "image":
        return token
    address = image_url(str(token.attrs["src"]))
    if address is None:
        return Token("text", "", 0, content=token.content)
    token.attrs["src"] = address
    return token


def _known_address(tag: str, attribute: str, value: str) -> str | None:
    """A path of this site or an https address, else None; ``//host`` is refused because it would
    leave the site unnoticed."""
    if attribute in ("href", "src"):
        local = value.startswith("/") and not value.startswith("//")
        return value if local or (tag == "a" and value.startswith("https://")) else None
    return value


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    quotes, items = 0, 0
    for token in tokens:
        if token.type.startswith("blockquote"):
            quotes += token.nesting
        elif token.type == "list_item_open":
            items = 1
        elif token.type == "hr":
            yield "", "—"
        elif token.type == "inline":
            yield "> " * quotes + "– " * items, _words(token.children or [])
            items = 0


def _words(tokens: Sequence[Token]) -> str:
    words, address = "", ""
    for token in tokens:
        if token.type in ("text", "image", "code_inline"):
            words += token.content
        elif token.type in ("softbreak", "hardbreak"):
            words += " " if token.type == "softbreak" else "\n"
        elif token.type == "link_open":
            address = str(token.attrs["href"])
        elif token.type == "link_close":
            words += f" ({address})"
    return words
