"""Turn a question's text into XHTML: `code`, *emphasis* and formulas in $…$."""

from xml.etree import ElementTree as ET

from actlib.widgets.quiz.wording import SPAN

from .. import formulas

MATHML = "http://www.w3.org/1998/Math/MathML"


def filled(element, text, formula):
    r"""Put a text into an element and return it; `formula` gives a string or an element for LaTeX.

    >>> p = filled(ET.Element("p"), "`exp` of $z$, *always*", in_brackets)
    >>> ET.tostring(p, encoding="unicode")
    '<p><code>exp</code> of \\(z\\), <em>always</em></p>'
    """
    end = 0
    for span in SPAN.finditer(text):
        _append(element, text[end : span.start()])
        latex, code, stressed = span.groups()
        if latex:
            _append(element, formula(latex))
        else:
            inner = ET.SubElement(element, "code" if code else "em")
            inner.text = code or stressed
        end = span.end()
    _append(element, text[end:])
    return element


def _append(element, part):
    if not isinstance(part, str):
        element.append(part)
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + part
    else:
        element.text = (element.text or "") + part


def in_brackets(latex):
    r"""Return a formula as MathJax finds it in the pages of Moodle and Canvas.

    >>> print(in_brackets("x^2"))
    \(x^2\)
    """
    return rf"\({latex}\)"


def in_mathml(latex):
    r"""Return a formula as MathML, with the LaTeX as an annotation.

    >>> in_mathml(r"\alpha").find(f".//{{{MATHML}}}annotation").text
    '\\alpha'
    """
    return ET.fromstring(formulas.mathml(latex))


def html(text):
    """Return a text as HTML in a string, as Moodle and Canvas take it.

    >>> html("$z < 0$ & `a`")
    '<p>\\\\(z &lt; 0\\\\) &amp; <code>a</code></p>'
    """
    return ET.tostring(filled(ET.Element("p"), text, in_brackets), encoding="unicode")
