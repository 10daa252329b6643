import pathlib

import pytest

from pages import render

DOCS = pathlib.Path(__file__).parent.parent / "docs"


def test_renders_headings_and_paragraphs():
    page = render(DOCS / "start.md")
    assert page.startswith("<h1>Start</h1>\n")
    assert "<p>Records are kept for a year &amp; a day.</p>" in page


def test_takes_figures_into_the_page():
    assert '<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"' in render(DOCS / "start.md")


def test_refuses_a_figure_that_is_none(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "x.svg").write_text("a picture")
    (tmp_path / "page.md").write_text("{{figure x}}")
    with pytest.raises(ValueError, match="x.svg"):
        render(tmp_path / "page.md")
