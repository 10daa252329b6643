"""From a page to HTML."""
import html
import pathlib
import re

from .figures import read_figure

FIGURE = re.compile(r"\{\{figure ([\w-]+)\}\}")


def render_block(block, folder):
    figure = FIGURE.fullmatch(block)
    if figure:
        return f"<figure>{read_figure(folder, figure[1])}</figure>"
    if block.startswith("# "):
        return f"<h1>{html.escape(block[2:])}</h1>"
    return f"<p>{html.escape(block)}</p>"


def render(path):
    """HTML of the page at `path`; its figures lie in `figures/` beside it."""
    page = pathlib.Path(path)
    blocks = [block.strip() for block in page.read_text(encoding="utf-8").split("\n\n")]
    return "\n".join(render_block(block, page.parent / "figures") for block in blocks if block)
