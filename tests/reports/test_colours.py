"""The palette's contrasts in both modes, by WCAG 2.2: 4.5 for text (1.4.3), 3 for marks that carry meaning (1.4.11)."""

import re

import pytest

from cs_audit.reports.files import template_dir

TEXT = ("text", "muted", "good", "bad", "mark")
MARKS = ("band", "mark", "muted", "text", "bad", "good", *(f"c{n}" for n in range(1, 9)))
GROUNDS = ("page", "panel", "soft")
SHADES = (*(f"h{n}" for n in range(1, 6)), *(f"l{n}" for n in range(1, 6)))


def palettes():
    style = (template_dir() / "_style.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", root))
        for root in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    )
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def weak(palette, pairs, least):
    return [
        (a, b, round(contrast(palette[a], palette[b]), 2)) for a, b in pairs if contrast(palette[a], palette[b]) < least
    ]


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_stand_out_from_every_ground(mode):
    palette = palettes()[mode]
    grounds = [(word, ground) for word in TEXT for ground in GROUNDS]
    shades = [("text", shade) for shade in (*SHADES, "warn-soft", "bad-soft")]
    assert weak(palette, [*grounds, *shades], 4.5) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_of_charts_stand_out_from_their_panel(mode):
    assert weak(palettes()[mode], [(mark, "panel") for mark in MARKS], 3) == []
