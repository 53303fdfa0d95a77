"""Every page in English."""

from tests.browser.every_page import (
    gallery,
    glass,
    name,
    test_a_narrow_phone_shows_it_whole,
    test_axe_finds_nothing,
    test_it_is_the_page_that_was_meant_in_the_language_of_its_reader,
    there,
)

__all__ = [
    "gallery",
    "glass",
    "name",
    "test_a_narrow_phone_shows_it_whole",
    "test_axe_finds_nothing",
    "test_it_is_the_page_that_was_meant_in_the_language_of_its_reader",
    "there",
]
LANGUAGE = "en"
