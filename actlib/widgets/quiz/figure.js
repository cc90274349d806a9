// A chapter's questions, one at a time, with feedback on every answer.
import { follow, html, tell, unique } from "../kit/drawing.js";

const KEYS = { "data-lm-suppress-shortcuts": "true" };

// A number as readers may write it: 0,25 or −0.25 or 1e-3 or 1/4. Anything else gives null.
function readNumber(text) {
  const parts = text.trim().replaceAll(/[−–]/g, "-").replaceAll(",", ".").split("/");
  const [above, below = 1] = parts.map((part) => (part.trim() ? Number(part) : NaN));
  return parts.length < 3 && Number.isFinite(above / below) ? above / below : null;
}

// Within the question's tolerance, rounding aside.
function near(question, given, value) {
  return Math.abs(given - value) <= question.tolerance + 1e-9 * Math.abs(value);
}

function isRight(question, given) {
  if (question.kind === "choice") return question.options[given].right;
  return near(question, given, question.answer);
}

function feedbackTo(question, given) {
  if (question.kind === "choice") return question.options[given].feedback;
  const { right, wrong, ...likely } = question.feedback;
  if (isRight(question, given)) return right;
  return likely[Object.keys(likely).find((value) => near(question, given, Number(value)))] ?? wrong;
}

// The page remembers answers if the browser lets it: a page opened from disk, or strict privacy
// settings, may leave it without storage.
function recall(key, { options, kind }) {
  const fits = (x) => (kind === "choice" ? x in options : Number.isFinite(x));
  try {
    return JSON.parse(localStorage.getItem(key)).filter(fits);
  } catch {
    return [];
  }
}

function remember(key, given) {
  try {
    if (given.length) localStorage.setItem(key, JSON.stringify(given));
    else localStorage.removeItem(key);
  } catch {
    return;
  }
}

function rich(tag, attributes, markup) {
  const node = html(tag, attributes);
  node.innerHTML = markup;
  return node;
}

function render({ model, el }) {
  const questions = model.get("questions");
  const keyOf = (question) => `quiz:${model.get("chapter")}:${question.id}`;
  const given = (question) => model.get("answers")[question.id] ?? [];
  const done = (question) => given(question).some((answer) => isRight(question, answer));
  const atOnce = (question) => given(question).length > 0 && isRight(question, given(question)[0]);
  // In JupyterLab the answers are kept in Python.
  const onPage = el.closest(".living-figure");

  let [shown, picked, hint, marks] = [0, null, "", []];
  el.classList.add("living-live");
  const tabs = questions.map((_, i) => {
    const tab = html("button", { type: "button", ...KEYS }, String(i + 1));
    tab.addEventListener("click", () => show(i));
    return tab;
  });
  const fieldset = html("fieldset");
  const check = html("button", { class: "quiz-check", ...KEYS });
  const said = html("div", { class: "quiz-said", role: "status" });
  const form = html("form", {}, fieldset, check, said);
  const progress = html("div");
  const again = html("button", { type: "button", ...KEYS }, "Start again");
  el.append(
    html("div", { class: "living-below quiz" },
      html("div", { class: "quiz-tabs", role: "group", "aria-label": "Questions" }, ...tabs),
      form,
      html("div", { class: "quiz-foot" }, progress, again)),
  );

  function show(i) {
    [shown, hint] = [i, ""];
    const question = questions[i];
    picked = given(question).at(-1) ?? null;
    const legend = rich("legend", { tabindex: -1 }, question.question);
    fieldset.replaceChildren(legend, ...(question.kind === "choice" ? choices(question) : [field()]));
    update();
    return legend;
  }

  function choices(question) {
    const name = unique("quiz");
    marks = question.options.map(() => html("span", { class: "quiz-mark" }));
    return question.options.map((option, k) => {
      const radio = html("input", { type: "radio", name, checked: k === picked, ...KEYS });
      radio.addEventListener("change", () => {
        [picked, hint] = [k, ""];
        update();
      });
      return html("label", {}, radio, rich("span", {}, option.text), marks[k]);
    });
  }

  function field() {
    marks = [];
    const value = picked === null ? "" : String(picked).replace("-", "−");
    const input = html("input", { type: "text", autocomplete: "off", value, ...KEYS });
    input.addEventListener("input", () => {
      picked = readNumber(input.value);
    });
    // JupyterLab keeps Enter in a text field from submitting the form.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      form.requestSubmit();
    });
    return html("label", {}, "Your answer", input);
  }

  function update() {
    const question = questions[shown];
    const tried = given(question);
    marks.forEach((mark, k) => {
      const wrong = tried.includes(k) && !question.options[k].right;
      mark.textContent = wrong ? "✗" : tried.includes(k) ? "✓" : "";
    });
    check.textContent = done(question) ? "Next question" : "Check";
    let words = hint;
    if (tried.includes(picked)) {
      const right = !isRight(question, picked) ? "✗ Not yet." : atOnce(question) ? "✓ Right first time." : "✓ Right.";
      words = `<b>${right}</b> ${feedbackTo(question, picked)}`;
    }
    if (said.innerHTML !== words) said.innerHTML = words;
    tabs.forEach((tab, i) => {
      const state = done(questions[i]) ? "right" : given(questions[i]).length ? "not yet right" : "unanswered";
      tab.textContent = `${i + 1}${{ right: "✓", unanswered: "" }[state] ?? "✗"}`;
      tab.setAttribute("aria-label", `Question ${i + 1}, ${state}`);
      tab.setAttribute("aria-current", i === shown ? "step" : "false");
    });
    const count = (test) => questions.filter(test).length;
    progress.textContent = `${count(done)} of ${questions.length} answered, ${count(atOnce)} right first time`;
  }

  // The next question that is not yet answered; if there is none, simply the next.
  function following() {
    const order = questions.map((_, i) => (shown + 1 + i) % questions.length);
    return order.find((i) => !done(questions[i])) ?? order[0];
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = questions[shown];
    if (done(question)) {
      show(following()).focus();
      return;
    }
    const tried = given(question);
    if (picked === null) {
      hint = question.options ? "Choose an answer first." : "Enter a number, such as −0.25, 1e-3 or 1/4.";
    } else if (!tried.includes(picked)) {
      tell(model, "answers", { ...model.get("answers"), [question.id]: [...tried, picked] });
    }
    update();
  });
  again.addEventListener("click", () => {
    tell(model, "answers", {});
    show(0).focus();
  });

  const stop = follow(model, ["answers"], () => {
    if (onPage) for (const question of questions) remember(keyOf(question), given(question));
    update();
  });
  if (onPage) {
    const before = questions.map((question) => [question.id, recall(keyOf(question), question)]);
    const answered = before.filter(([, answers]) => answers.length);
    tell(model, "answers", { ...model.get("answers"), ...Object.fromEntries(answered) });
  }
  show(done(questions[0]) ? following() : 0);
  return stop;
}

export default { render };
