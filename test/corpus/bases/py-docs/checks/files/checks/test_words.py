import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def test_words_are_text():
    figure = ElementTree.parse("docs/figures/stages.svg").getroot()
    words = ["".join(text.itertext()).strip() for text in figure.iter(f"{SVG}text")]
    assert words == ["Collect", "Check", "Publish"]
