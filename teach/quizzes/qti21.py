"""QTI 2.1: one zip with an item for each question and a test for each chapter.

It has all the feedback on each answer, and formulas as MathML with their LaTeX. What it cannot
do: say what a system does with the identifiers at a second import, which the standard leaves open.
"""

from xml.etree import ElementTree as ET

from .files import XSI, add, document, likely, name_of, number, zipped
from .wording import MATHML, filled, in_mathml

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"


def write(chapters, book):
    """Return the items and tests of chapters as a zip's bytes."""
    ET.register_namespace("m", MATHML)
    ET.register_namespace("xsi", XSI)
    files = {"imsmanifest.xml": _manifest(chapters)}
    for place, chapter in enumerate(chapters, 1):
        files[f"tests/{_test_id(chapter)}.xml"] = _test(chapter, f"{book} {place}: {chapter.title}")
        for i, question in enumerate(chapter.questions, 1):
            files[f"items/{question['id']}.xml"] = _item(question, i)
    return zipped(files)


def _test_id(chapter):
    return f"questions-{chapter.name.replace('_', '-')}"


def _root(tag, namespace, schema, **attributes):
    place = {f"{{{XSI}}}schemaLocation": f"{namespace} {schema}"}
    return ET.Element(tag, {"xmlns": namespace, **place, **attributes})


def _manifest(chapters):
    schema = "http://www.imsglobal.org/xsd/imscp_v1p1.xsd"
    root = _root("manifest", PACKAGE, schema, identifier="activation-questions")
    metadata = add(root, "metadata")
    add(metadata, "schema", "QTIv2.1 Package")
    add(metadata, "schemaversion", "1.0.0")
    add(root, "organizations")
    resources = add(root, "resources")
    for chapter in chapters:
        _add_resource(resources, "test", _test_id(chapter), [q["id"] for q in chapter.questions])
        for question in chapter.questions:
            _add_resource(resources, "item", question["id"])
    return document(root)


def _add_resource(resources, kind, identifier, needs=()):
    href = f"{kind}s/{identifier}.xml"
    resource = add(
        resources, "resource", identifier=identifier, type=f"imsqti_{kind}_xmlv2p1", href=href
    )
    add(resource, "file", href=href)
    for each in needs:
        add(resource, "dependency", identifierref=each)


def _test(chapter, title):
    schema = f"{QTI}.xsd"
    root = _root("assessmentTest", QTI, schema, identifier=_test_id(chapter), title=title)
    part = add(
        root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual"
    )
    # 0: as often as the learner likes.
    add(part, "itemSessionControl", maxAttempts="0", showFeedback="true")
    section = add(part, "assessmentSection", identifier="questions", title=title, visible="true")
    for question in chapter.questions:
        href = f"../items/{question['id']}.xml"
        add(section, "assessmentItemRef", identifier=question["id"], href=href)
    return document(root)


def _text(element, text):
    return filled(element, text, in_mathml)


def _item(question, i):
    numeric = question["kind"] == "numeric"
    root = _root(
        "assessmentItem", QTI, f"{QTI}.xsd",
        identifier=question["id"], title=name_of(question, i), adaptive="false",
        timeDependent="false",
    )  # fmt: skip
    kind = "float" if numeric else "identifier"
    _declare(root, "response", "RESPONSE", kind)
    score = _declare(root, "outcome", "SCORE", "float")
    add(add(score, "defaultValue"), "value", "0")
    _declare(root, "outcome", "FEEDBACK", "identifier")
    body, processing = add(root, "itemBody"), add(root, "responseProcessing")
    said = (_number if numeric else _choice)(question, root, body, processing)
    for identifier, text in said.items():
        feedback = add(
            root, "modalFeedback",
            outcomeIdentifier="FEEDBACK", identifier=identifier, showHide="show",
        )  # fmt: skip
        _text(add(feedback, "p"), text)
    return document(root, indented=False)


def _declare(root, what, identifier, kind):
    tag = f"{what}Declaration"
    return add(root, tag, identifier=identifier, cardinality="single", baseType=kind)


def _right(root, value):
    add(add(root.find("responseDeclaration"), "correctResponse"), "value", value)


def _set(parent, outcome, kind, value):
    add(add(parent, "setOutcomeValue", identifier=outcome), "baseValue", value, baseType=kind)


def _choice(question, root, body, processing):
    """Add the options and how they are judged; return {identifier: feedback}."""
    interaction = add(
        body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="false", maxChoices="1"
    )
    _text(add(interaction, "prompt"), question["question"])
    said = {}
    for k, option in enumerate(question["options"], 1):
        _text(add(interaction, "simpleChoice", identifier=f"option-{k}"), option["text"])
        said[f"option-{k}"] = option["feedback"]
        if option["right"]:
            _right(root, f"option-{k}")
    answered = add(add(processing, "responseCondition"), "responseIf")
    same = add(answered, "match")
    add(same, "variable", identifier="RESPONSE")
    add(same, "correct", identifier="RESPONSE")
    _set(answered, "SCORE", "float", "1")
    told = add(processing, "setOutcomeValue", identifier="FEEDBACK")
    add(told, "variable", identifier="RESPONSE")
    return said


def _number(question, root, body, processing):
    """Add the field and how a number is judged; return {identifier: feedback}."""
    _text(add(body, "p"), question["question"])
    add(add(body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12")
    _right(root, number(question["answer"]))
    condition = add(processing, "responseCondition")
    none = add(condition, "responseIf")
    add(add(none, "isNull"), "variable", identifier="RESPONSE")
    _set(none, "SCORE", "float", "0")
    values = {"right": question["answer"]}
    values |= {f"likely-{k}": value for k, value in enumerate(likely(question), 1)}
    for identifier, value in values.items():
        answered = add(condition, "responseElseIf")
        margin = f"{number(question['tolerance'])} {number(question['tolerance'])}"
        near = add(answered, "equal", toleranceMode="absolute", tolerance=margin)
        add(near, "variable", identifier="RESPONSE")
        add(near, "baseValue", number(value), baseType="float")
        if identifier == "right":
            _set(answered, "SCORE", "float", "1")
        _set(answered, "FEEDBACK", "identifier", identifier)
    _set(add(condition, "responseElse"), "FEEDBACK", "identifier", "wrong")
    told = [question["feedback"]["right"], *likely(question).values()]
    return dict(zip(values, told, strict=True)) | {"wrong": question["feedback"]["wrong"]}
