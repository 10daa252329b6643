import re
import xml.etree.ElementTree as ElementTree

from pages import render

SVG = "{http://www.w3.org/2000/svg}"
WORDS = ["Collect", "Check", "Publish"]
HIDDEN = {"display": "none", "visibility": "hidden", "opacity": "0", "fill-opacity": "0", "fill": "none"}


def figure():
    return ElementTree.parse("docs/figures/stages.svg").getroot()


def rules_of(root):
    css = "".join(style.text or "" for style in root.iter(f"{SVG}style"))
    return {name: body for names, body in re.findall(r"([^{}]+)\{([^}]*)\}", css) for name in re.split(r"[\s,]+", names)}


def look_of(chain, rules):
    """Properties of an element, those of what is around it first."""
    found = {}
    for element in chain:
        found.update(element.attrib)
        names = [element.tag.replace(SVG, ""), *("." + name for name in element.get("class", "").split())]
        for body in [*(rules.get(name, "") for name in names), element.get("style", "")]:
            found.update(re.findall(r"([\w-]+)\s*:\s*([^;]+)", body))
    return {name: value.strip() for name, value in found.items()}


def chains(element, above=()):
    yield (*above, element)
    for child in element:
        yield from chains(child, (*above, element))


def looks(tag):
    root = figure()
    rules = rules_of(root)
    return [look_of(chain, rules) for chain in chains(root) if chain[-1].tag == f"{SVG}{tag}"]


def test_every_word_is_seen():
    _, _, width, height = map(float, figure().get("viewBox").split())
    for look in looks("text"):
        assert not any(look.get(name) == value for name, value in HIDDEN.items()), look
        assert float(look.get("font-size", "16").removesuffix("px")) >= 8
        assert 0 <= float(look["x"]) <= width and 0 <= float(look["y"]) <= height


def test_every_word_has_its_box():
    texts, boxes = looks("text"), looks("rect")
    assert [float(text["x"]) for text in texts] == sorted({float(text["x"]) for text in texts})
    around = [
        [
            at
            for at, box in enumerate(boxes)
            if 0 <= float(text["x"]) - float(box["x"]) <= float(box["width"])
            and 0 <= float(text["y"]) - float(box["y"]) <= float(box["height"])
        ]
        for text in texts
    ]
    assert len({tuple(each) for each in around if each}) == 3


def test_no_picture_is_inside():
    tags = {element.tag.replace(SVG, "") for element in figure().iter()}
    assert not tags & {"image", "feImage", "foreignObject", "script"}
    assert "data:" not in open("docs/figures/stages.svg", encoding="utf-8").read()


def test_the_page_has_all_words():
    page = render("docs/stages.md")
    assert [word for word in WORDS if f">{word}<" in page] == WORDS
