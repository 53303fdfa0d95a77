"""Every page in French. What no language changes is asked here alone."""

from tests.browser.every_page import (
    gallery,
    glass,
    name,
    test_a_narrow_phone_shows_it_whole,
    test_axe_finds_nothing,
    test_every_control_is_reached_by_keyboard_and_seen,
    test_it_is_light_asks_nothing_of_others_and_complains_of_nothing,
    test_it_is_the_page_that_was_meant_in_the_language_of_its_reader,
    there,
)

__all__ = [
    "gallery",
    "glass",
    "name",
    "test_a_narrow_phone_shows_it_whole",
    "test_axe_finds_nothing",
    "test_every_control_is_reached_by_keyboard_and_seen",
    "test_it_is_light_asks_nothing_of_others_and_complains_of_nothing",
    "test_it_is_the_page_that_was_meant_in_the_language_of_its_reader",
    "there",
]
LANGUAGE = "fr"
