"""Figures are SVG files; they become a part of the page."""


def read_figure(folder, name):
    text = (folder / f"{name}.svg").read_text(encoding="utf-8")
    if "<svg" not in text:
        raise ValueError(f"expected an SVG figure in {name}.svg")
    return text[text.index("<svg") :].strip()
