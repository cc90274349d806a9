"""QTI 1.2 as Canvas reads it: one zip with a quiz for each chapter.

What Canvas cannot do: give feedback on each likely wrong number. Its importer takes every range of
numbers for a right answer, so these sentences follow, with their numbers, after the hint that
anyone gets whose number is wrong. The identifiers are the course's: Canvas knows the quiz of an
earlier import by them and puts the new one in its place.
"""

from xml.etree import ElementTree as ET

from .files import XSI, add, document, likely, name_of, number, zipped
from .wording import html

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
META = "http://canvas.instructure.com/xsd/cccv1p0"


def write(chapters, book):
    """Return the quizzes of chapters as a zip's bytes."""
    files = {"imsmanifest.xml": _manifest(chapters, book)}
    for place, chapter in enumerate(chapters, 1):
        title, folder = f"{book} {place}: {chapter.title}", _quiz_id(chapter)
        files[f"{folder}/{folder}.xml"] = _assessment(chapter, title)
        files[f"{folder}/assessment_meta.xml"] = _meta(chapter, title)
    return zipped(files)


def numbers_and_why(question):
    """Return the hint to a wrong number, and what is said to the likely ones, as paragraphs."""
    told = [f"If you answered {key}: {text}" for key, text in likely(question).items()]
    return "\n".join(map(html, [question["feedback"]["wrong"], *told]))


def _quiz_id(chapter):
    return f"questions-{chapter.name.replace('_', '-')}"


def _manifest(chapters, book):
    root = ET.Element("manifest", {"xmlns": PACKAGE, "identifier": "activation-questions"})
    metadata = add(root, "metadata")
    add(metadata, "schema", "IMS Content")
    add(metadata, "schemaversion", "1.1.3")
    add(root, "organizations")
    resources = add(root, "resources")
    for chapter in chapters:
        folder = _quiz_id(chapter)
        quiz = add(resources, "resource", identifier=folder, type="imsqti_xmlv1p2")
        add(quiz, "file", href=f"{folder}/{folder}.xml")
        add(quiz, "dependency", identifierref=f"{folder}-meta")
        kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
        href = f"{folder}/assessment_meta.xml"
        meta = add(resources, "resource", identifier=f"{folder}-meta", type=kind, href=href)
        add(meta, "file", href=href)
    return document(root)


def _meta(chapter, title):
    """Return Canvas's settings: practice, with feedback at once and any number of attempts."""
    root = ET.Element("quiz", {"xmlns": META, "identifier": _quiz_id(chapter)})
    add(root, "title", title)
    add(root, "quiz_type", "practice_quiz")
    add(root, "points_possible", f"{len(chapter.questions)}.0")
    add(root, "shuffle_answers", "false")
    add(root, "show_correct_answers", "false")
    add(root, "allowed_attempts", "-1")
    return document(root)


def _assessment(chapter, title):
    schema = {
        f"{{{XSI}}}schemaLocation": f"{QTI} http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd"
    }
    ET.register_namespace("xsi", XSI)
    root = ET.Element("questestinterop", {"xmlns": QTI, **schema})
    quiz = add(root, "assessment", ident=_quiz_id(chapter), title=title)
    _add_fields(add(quiz, "qtimetadata"), cc_maxattempts="unlimited")
    section = add(quiz, "section", ident="root_section")
    for i, question in enumerate(chapter.questions, 1):
        _add_item(section, question, i)
    # Instructure's own reader looks for an entry right behind its label.
    return document(root, indented=False)


def _add_fields(metadata, **fields):
    for label, entry in fields.items():
        field = add(metadata, "qtimetadatafield")
        add(field, "fieldlabel", label)
        add(field, "fieldentry", entry)


def _add_text(parent, markup):
    add(add(parent, "material"), "mattext", markup, texttype="text/html")


def _add_item(section, question, i):
    item = add(section, "item", ident=question["id"], title=name_of(question, i))
    numeric = question["kind"] == "numeric"
    _add_fields(
        add(add(item, "itemmetadata"), "qtimetadata"),
        question_type="numerical_question" if numeric else "multiple_choice_question",
        points_possible="1",
        assessment_question_identifierref=f"{question['id']}-bank",
    )
    presentation = add(item, "presentation")
    _add_text(presentation, html(question["question"]))
    processing = add(item, "resprocessing")
    score = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    add(add(processing, "outcomes"), "decvar", **score)
    (_add_number if numeric else _add_choice)(item, presentation, processing, question)


def _add_choice(item, presentation, processing, question):
    response = add(presentation, "response_lid", ident="response1", rcardinality="Single")
    choices = add(response, "render_choice")
    for k, option in enumerate(question["options"], 1):
        _add_text(add(choices, "response_label", ident=str(k)), html(option["text"]))
        _add_feedback(_condition(processing, str(k), "Yes"), item, f"{k}_fb", option["feedback"])
    # After what is said to it, because Canvas keeps the last score that it reads for an option.
    right = next(k for k, option in enumerate(question["options"], 1) if option["right"])
    add(_condition(processing, str(right), "No"), "setvar", "100", action="Set", varname="SCORE")


def _condition(processing, value, goes_on):
    condition = add(processing, "respcondition", **{"continue": goes_on})
    add(add(condition, "conditionvar"), "varequal", value, respident="response1")
    return condition


def _add_feedback(condition, item, ident, text):
    add(condition, "displayfeedback", feedbacktype="Response", linkrefid=ident)
    feedback = add(add(item, "itemfeedback", ident=ident), "flow_mat")
    _add_text(feedback, text if text.startswith("<p>") else html(text))


def _add_number(item, presentation, processing, question):
    response = add(presentation, "response_str", ident="response1", rcardinality="Single")
    add(add(response, "render_fib", fibtype="Decimal"), "response_label", ident="answer1")
    condition = add(processing, "respcondition", **{"continue": "No"})
    either = add(add(condition, "conditionvar"), "or")
    answer, tolerance = question["answer"], question["tolerance"]
    add(either, "varequal", number(answer), respident="response1")
    both = add(either, "and")
    # Rounded, as 0.09 - 0.0005 is not 0.0895 in binary.
    add(both, "vargte", number(round(answer - tolerance, 12)), respident="response1")
    add(both, "varlte", number(round(answer + tolerance, 12)), respident="response1")
    add(condition, "setvar", "100", action="Set", varname="SCORE")
    _add_feedback(condition, item, "correct_fb", question["feedback"]["right"])
    condition = add(processing, "respcondition", **{"continue": "Yes"})
    add(add(condition, "conditionvar"), "other")
    _add_feedback(condition, item, "general_incorrect_fb", numbers_and_why(question))
