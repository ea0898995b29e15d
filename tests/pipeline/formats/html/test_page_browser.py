"""The page in a browser: navigation, filter, languages, colour schemes, both widths."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hexapla.formats.registry import write_alignment
from support_chromium import browse
from support_page import harbour

pytestmark = pytest.mark.chromium


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    write_alignment(harbour(), path)
    return path


_JUMPS = """
    const seen = [];
    const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const note = () => seen.push(document.documentElement.dataset.current.replace("row-", ""));
    for (let i = 0; i < 4; i++) { document.querySelector("#next").click(); note(); }
    document.querySelector("#previous").click(); note();
    document.querySelector("#check").value = "unaligned";
    document.querySelector("#next").click(); note();
    document.querySelector("#check").value = "incomplete";
    document.querySelector("#next").click(); note();
    document.querySelector("[data-set-level=sentence]").click();
    document.querySelector("#check").value = "doubtful";
    document.querySelector("#next").click(); note();
    for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame);
    const box = document.querySelector(".current").getBoundingClientRect();
    const seenNow = box.height > 0 && box.top >= 0 && box.top < innerHeight;
    return [seen.join(" "), seenNow].join("|");
"""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_jump_buttons_go_to_the_rows_to_check(width: int, height: int, page: Path) -> None:
    """The buttons cycle through the rows of the chosen kind at the chosen level, in both widths."""
    found = browse(page, _JUMPS, width=width, height=height)
    assert found == "p2 p3 p4 p2 p4 p3 p2 p2s0|true"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('find("charts are kept", 0)', "0 true"),
        ('find("LIBRARIES", 0)', "2 false"),
        ('find("سِجل", 0)', "2 false"),  # a vowel sign in the search, none in the text
        ('find("登记", 0)', "1 false"),
        ('find("Fees", 1)', "1 false"),
    ],
)
def test_filter_by_text(script: str, expected: str, page: Path) -> None:
    """The filter keeps the rows that contain the text, ignoring case and accents, or says that there are none."""
    found = browse(
        page,
        f"""
        const find = (text, level) => {{
          if (level) document.querySelector("[data-set-level=sentence]").click();
          const filter = document.querySelector("#filter");
          filter.value = text;
          filter.dispatchEvent(new Event("input"));
          const rows = [...document.querySelectorAll(".row")].filter((row) => row.checkVisibility());
          const none = document.querySelector("#nothing").checkVisibility();
          return `${{rows.length}} ${{none}}`;
        }};
        return {script};
        """,
    )
    assert found == expected


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_nothing_is_wider_than_the_screen(width: int, height: int, page: Path) -> None:
    """The page does not scroll sideways, not even with one language hidden."""
    script = """
        const fits = () => document.documentElement.scrollWidth <= innerWidth;
        const before = fits();
        document.querySelector("[data-toggle-column='1']").click();
        const arabic = [...document.querySelectorAll("main .c1")].filter((cell) => cell.checkVisibility());
        return [innerWidth, before, fits(), arabic.length].join(" ");
    """
    assert browse(page, script, width=width, height=height) == f"{width} true true 0"


def test_colour_schemes(page: Path) -> None:
    """The page follows the system's colour scheme, and the button switches it; text keeps its contrast in both."""
    script = """
        const luminance = (name) => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = `var(${name})`;
          const context = new OffscreenCanvas(1, 1).getContext("2d");
          context.fillStyle = getComputedStyle(probe).color;
          context.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ratio = (a, b) => {
          const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
          return (high + 0.05) / (low + 0.05);
        };
        const pairs = [["--ink", "--sheet"], ["--quiet", "--sheet"], ["--quiet", "--paper"],
          ["--quiet", "--inset"], ["--on-accent", "--accent"], ["--accent", "--paper"], ["--ink", "--mark"]];
        const good = () => pairs.every(([a, b]) => ratio(a, b) >= 4.5);
        const scheme = () => (luminance("--paper") > 0.5 ? "light" : "dark");
        const seen = [scheme(), good()];
        document.querySelector("#theme").click();
        return [...seen, scheme(), good()].join(" ");
    """
    dark = browse(page, script, dark=True)
    light = browse(page, script, dark=False)
    assert dark == "dark true light true"
    assert light == "light true dark true"


def test_a_jump_over_rows_not_drawn_yet_lands(tmp_path: Path) -> None:
    """The row is on the screen even though the heights of the rows before it were only estimated."""
    alignment = harbour()
    first, *_ = alignment.rows
    rows = tuple(
        replace(
            first,
            id=f"r{place}",
            probability=0.3 if place % 50 == 0 else 0.97,
            texts={language: text * (place % 49) for language, text in first.texts.items()},
            segments=dict.fromkeys(first.texts, (place,)),
        )
        for place in range(1, 400)
    )
    path = tmp_path / "page.html"
    write_alignment(replace(alignment, rows=rows), path)
    script = """
        for (let i = 0; i < 3; i++) document.querySelector("#next").click();
        for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
        const box = document.querySelector(".current").getBoundingClientRect();
        return [document.documentElement.dataset.current, box.top >= 0 && box.top < innerHeight].join(" ");
    """
    assert browse(path, script, width=390, height=844) == "row-r150 true"
