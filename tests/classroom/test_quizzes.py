"""The files for learning systems: read back, and answered as the systems would.

For each format a reader here takes the file apart and answers its questions by the file's own
rules; it must say and score what the quiz on the page does. Wording is read back from HTML.
"""

import io
import json
import math
import re
import zipfile
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from teach.quizzes import canvas, files, moodle, qti21, wording
from teach.quizzes.__main__ import FORMATS, main

COURSE = files.course()
QUESTIONS = {question["id"]: question for chapter in COURSE for question in chapter.questions}


def one(root, path):
    (found,) = root.findall(path)
    return found


def source(element):
    """Return what `wording` has made into an element as the text that it was."""
    if element.tag == f"{{{wording.MATHML}}}math":
        text = f"${one(element, f'.//{{{wording.MATHML}}}annotation').text}$"
    else:
        inside = "".join([element.text or "", *map(source, element)])
        mark = {"code": "`", "em": "*"}.get(element.tag.rpartition("}")[2], "")
        text = mark + re.sub(r"\\\((.*?)\\\)", r"$\1$", inside) + mark
    return text + (element.tail or "")


def from_html(markup):
    return "\n".join(source(p) for p in ET.fromstring(f"<div>{markup}</div>"))


def near(question, given, value):
    return abs(given - float(value)) <= question["tolerance"] + 1e-9 * abs(float(value))


def on_the_page(question, given):
    """Return (is it right, what is said), as the quiz's script judges."""
    if question["kind"] == "choice":
        return question["options"][given]["right"], question["options"][given]["feedback"]
    if near(question, given, question["answer"]):
        return True, question["feedback"]["right"]
    for value, text in files.likely(question).items():
        if near(question, given, value):
            return False, text
    return False, question["feedback"]["wrong"]


def answers(question):
    """Return all options, or numbers on and around every border."""
    if question["kind"] == "choice":
        return [*range(len(question["options"]))]
    margin = question["tolerance"]
    values = [question["answer"], *map(float, files.likely(question))]
    around = [v + d * margin for v in values for d in (0, 0.9, -0.9, 1.1, -1.1)]
    return [*around, *values, 1e6, -1e6]


def members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


# A reader for each format: {id: question, options and a function that judges an answer}


def read_moodle(data):
    found = {}
    for item in ET.fromstring(data).findall("question"):
        if item.get("type") != "category":
            found[one(item, "idnumber").text] = moodle_question(item)
    return found


def moodle_question(item):
    def text(element):
        return from_html(one(element, "text").text)

    listed = item.findall("answer")
    said = [(answer.get("fraction") == "100", text(one(answer, "feedback"))) for answer in listed]

    def judge(given):
        if item.get("type") == "multichoice":
            return said[given]
        for answer, result in zip(listed, said, strict=True):
            value = one(answer, "text").text
            # Moodle adds a little to the margin, for what binary numbers lose.
            margin = float(one(answer, "tolerance").text) + 1e-9 * abs(given)
            if value == "*" or abs(given - float(value)) <= margin:
                return result

    options = [text(answer) for answer in listed] if item.get("type") == "multichoice" else None
    return SimpleNamespace(asked=text(one(item, "questiontext")), options=options, judge=judge)


def read_canvas(data):
    found = {}
    for name, content in members(data).items():
        if re.fullmatch(r"([\w-]+)/\1\.xml", name):
            root = ET.fromstring(content.replace(f' xmlns="{canvas.QTI}"'.encode(), b""))
            found |= {item.get("ident"): canvas_question(item) for item in root.iter("item")}
    return found


def canvas_question(item):
    said = {
        feedback.get("ident"): from_html(one(feedback, ".//mattext").text)
        for feedback in item.findall("itemfeedback")
    }
    labels = item.findall(".//response_lid//response_label")

    def fits(test, given):
        value = labels[given].get("ident") if labels else given
        if test.tag == "varequal":
            return value == test.text if labels else math.isclose(value, float(test.text))
        if test.tag in {"or", "and", "conditionvar"}:
            return (any if test.tag == "or" else all)(fits(each, given) for each in test)
        slack = 1e-9 * abs(given)
        return {
            "vargte": lambda: value >= float(test.text) - slack,
            "varlte": lambda: value <= float(test.text) + slack,
            "other": lambda: True,
        }[test.tag]()

    def judge(given):
        score, told = 0, []
        for condition in item.findall(".//respcondition"):
            if fits(one(condition, "conditionvar"), given):
                told += [said[d.get("linkrefid")] for d in condition.findall("displayfeedback")]
                score = max([score, *(int(s.text) for s in condition.findall("setvar"))])
                if condition.get("continue") == "No":
                    break
        return score == 100, "\n".join(told)

    asked = from_html(one(item, "presentation/material/mattext").text)
    options = [from_html(one(label, ".//mattext").text) for label in labels] or None
    return SimpleNamespace(asked=asked, options=options, judge=judge)


def read_qti21(data):
    found = {}
    for name, content in members(data).items():
        if name.startswith("items/"):
            root = ET.fromstring(content.replace(f' xmlns="{qti21.QTI}"'.encode(), b""))
            found[root.get("identifier")] = qti21_question(root)
    return found


def qti21_question(root):
    choices = root.findall(".//simpleChoice")
    right = one(root, "responseDeclaration/correctResponse/value").text
    told = root.findall("modalFeedback")
    said = {each.get("identifier"): source(one(each, "p")) for each in told}

    def judge(given):
        response = choices[given].get("identifier") if choices else given
        outcomes = {"SCORE": "0"}

        def holds(test):
            if test.tag == "equal":
                margin = max(map(float, test.get("tolerance").split()))
                value = float(one(test, "baseValue").text)
                return abs(response - value) <= margin + 1e-9 * abs(value)
            return {"isNull": False, "match": response == right}[test.tag]

        def run(rules):
            for rule in rules:
                if rule.tag == "setOutcomeValue":
                    base = rule.find("baseValue")
                    outcomes[rule.get("identifier")] = response if base is None else base.text
                elif rule.tag == "responseCondition":
                    taken = (b for b in rule if b.tag == "responseElse" or holds(b[0]))
                    branch = next(taken, [])
                    run([each for each in branch if each.tag == "setOutcomeValue"])

        run(one(root, "responseProcessing"))
        return outcomes["SCORE"] == "1", said[outcomes["FEEDBACK"]]

    prompt = root.find("itemBody/choiceInteraction/prompt")
    asked = source(root.find("itemBody/p") if prompt is None else prompt).strip()
    options = [source(choice).strip() for choice in choices] or None
    return SimpleNamespace(asked=asked, options=options, judge=judge)


READERS = {
    "questions-moodle.xml": read_moodle,
    "questions-canvas.zip": read_canvas,
    "questions-qti21.zip": read_qti21,
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    main([str(folder)])
    return {name: (folder / "quizzes" / name).read_bytes() for name in FORMATS}


@pytest.mark.parametrize("name", FORMATS)
def test_every_question_is_read_back_and_judges_as_on_the_page(written, name):
    found = READERS[name](written[name])
    assert found.keys() == QUESTIONS.keys()
    for key, question in QUESTIONS.items():
        read = found[key]
        assert read.asked == question["question"]
        if question["kind"] == "choice":
            assert read.options == [option["text"] for option in question["options"]]
        for given in answers(question):
            right, told = on_the_page(question, given)
            if name == "questions-canvas.zip" and question["kind"] == "numeric" and not right:
                # What Canvas cannot hold: all is said to whoever is wrong.
                told = from_html(canvas.numbers_and_why(question))
                assert on_the_page(question, given)[1] in told
            assert read.judge(given) == (right, told), (key, given)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_questions_give_the_same_file(written, name):
    assert FORMATS[name](files.course(), "Activation Functions") == written[name]


@pytest.mark.parametrize("name", [name for name in FORMATS if name.endswith(".zip")])
def test_a_manifest_names_every_file_and_every_dependency(written, name):
    found = members(written[name])
    manifest = ET.fromstring(found.pop("imsmanifest.xml"))
    resources = manifest.findall(".//{*}resource")
    named = [file.get("href") for file in manifest.findall(".//{*}file")]
    assert sorted(named) == sorted(found)
    identifiers = [resource.get("identifier") for resource in resources]
    assert len(identifiers) == len({*identifiers})
    needed = {each.get("identifierref") for each in manifest.findall(".//{*}dependency")}
    assert needed < {*identifiers}


def test_a_test_in_qti21_asks_a_chapters_questions_in_their_order(written):
    found = members(written["questions-qti21.zip"])
    for chapter in COURSE:
        root = ET.fromstring(found[f"tests/questions-{chapter.name.replace('_', '-')}.xml"])
        refs = root.findall(".//{*}assessmentItemRef")
        assert [ref.get("identifier") for ref in refs] == [q["id"] for q in chapter.questions]
        assert all(f"items/{ref.get('href').rpartition('/')[2]}" in found for ref in refs)


@pytest.mark.parametrize("name", FORMATS)
def test_marks_that_xml_and_mathjax_know_survive(name):
    """`<`, `&` and ]]> in code, and formulas with <, stay what they are."""
    text = "Is `a < b && c[[0]]> 1` *never* so, if $z < 0$ & $a_1^2 \\le \\sqrt{n}$?"
    question = {
        "id": "strange", "kind": "choice", "question": text,
        "options": [{"text": text, "right": i == 1, "feedback": text} for i in range(2)],
    }  # fmt: skip
    data = FORMATS[name]([files.Chapter("strange", "A/B & C", (question,))], "Book")
    read = READERS[name](data)["strange"]
    assert (read.asked, read.options, read.judge(1)) == (text, [text, text], (True, text))


def test_a_slash_in_a_title_begins_no_category_in_moodle():
    data = moodle.write([files.Chapter("strange", "A/B", ())], "Book")
    assert one(ET.fromstring(data), ".//category/text").text == "$course$/top/Book/1 A//B"


def test_a_formula_that_katex_rejects_is_named():
    with pytest.raises(ValueError, match="KaTeX parse error"):
        wording.in_mathml(r"\nonsense")


QUESTION = {
    "id": "made-up", "kind": "numeric", "question": "How many?", "answer": 2, "tolerance": 0.5,
    "feedback": {"right": "Two.", "wrong": "Count.", "3": "One too many."},
}  # fmt: skip
CHOICE = {
    "id": "made-up", "kind": "choice", "question": "Which?",
    "options": [{"text": t, "right": t == "a", "feedback": "So."} for t in "abc"],
}  # fmt: skip


def without(question, key):
    return {name: value for name, value in question.items() if name != key}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "softmax.json is not JSON"),
        ([without(QUESTION, "tolerance")], "made-up in .*softmax.json: lacks 'tolerance'"),
        ([QUESTION | {"feedback": {"right": "Two."}}], "made-up in .*: lacks 'wrong'"),
        ([QUESTION | {"answer": 1 / 3}], "made-up in .*0.333.* more than 15 decimals"),
        ([QUESTION | {"feedback": QUESTION["feedback"] | {"many": "No."}}], "made-up in .*'many'"),
        (
            [CHOICE | {"options": CHOICE["options"][1:]}],
            "made-up in .*: 0 of its options are right",
        ),
        ([CHOICE | {"question": "Is it $\\nonsense$?"}], "made-up in .*: KaTeX parse error"),
        (["a text"], "a text in .*softmax.json"),
    ],
)
def test_a_question_that_cannot_be_asked_is_named(monkeypatch, tmp_path, text, said):
    for path in files.QUESTIONS.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "softmax.json").write_text(text if isinstance(text, str) else json.dumps(text))
    monkeypatch.setattr(files, "QUESTIONS", tmp_path)
    with pytest.raises(SystemExit, match=f"No questions were written: .*{said}"):
        main([str(tmp_path / "class")])
    assert not (tmp_path / "class").exists()


def test_a_chapter_without_questions_is_left_out_and_named(monkeypatch, tmp_path, capsys):
    (tmp_path / "softmax.json").write_text(json.dumps([QUESTION]))
    (tmp_path / "pytorch.json").write_text("[]")
    monkeypatch.setattr(files, "QUESTIONS", tmp_path)
    main([str(tmp_path)])
    said = capsys.readouterr().out
    assert "Activations in PyTorch is left out: actlib/questions/pytorch.json has none." in said
    assert "The ReLU family is left out" in said and "1 question of 1 chapter," in said
    for name, read in READERS.items():
        assert [*read((tmp_path / "quizzes" / name).read_bytes())] == ["made-up"]


def test_a_course_without_questions_writes_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "QUESTIONS", tmp_path)
    with pytest.raises(SystemExit, match=r"actlib/questions/README\.md says how"):
        main([str(tmp_path)])
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "class").write_text("a file")
    with pytest.raises(SystemExit, match=r"class/quizzes cannot be written .*make quizzes CLASS="):
        main([str(tmp_path / "class")])
