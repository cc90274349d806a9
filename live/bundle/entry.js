// What pages take from npm: an editor for Python, and DOMPurify. `make editor` bundles it into
// ../page/vendor.js, which is committed, so that building the book needs neither node nor npm.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching, indentOnInput, indentUnit, LanguageSupport, syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

export { default as DOMPurify } from "dompurify";

const mark = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, { changes, effects }) {
    const asked = effects.find((effect) => effect.is(mark));
    return asked ? asked.value : lines.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Mark a line of an editor as the one that an error points to, 0 none.
export function markLine(view, number) {
  const { doc } = view.state;
  const line = Decoration.line({ class: "live-wrong-line" });
  const lines = number ? [line.range(doc.line(Math.min(number, doc.lines)).from)] : [];
  view.dispatch({ effects: mark.of(Decoration.set(lines)) });
}

// An editor in `parent` that holds `text`. `label` names it to screen readers; `onChange(text)`,
// `onRun()` and `complete(before) -> [[name, kind], …]` are the page's. Tab indents, as coders
// expect; after Escape it leaves, as the keyboard's way out.
export function createEditor(parent, { text, label, describedBy, onChange, onRun, complete }) {
  const run = () => (onRun(), true);
  const source = async (context) => {
    const word = context.matchBefore(/[\w.]*$/);
    if (!context.explicit && !/(\w\.|\w\w)$/.test(word?.text ?? "")) return null;
    const found = await complete(context.state.sliceDoc(0, context.pos));
    if (!found?.length) return null;
    return {
      from: word.from + word.text.lastIndexOf(".") + 1,
      options: found.map(([name, type]) => ({ label: name, type })),
      validFor: /^\w*$/,
    };
  };
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Shift-Enter", run },
          { key: "Mod-Enter", run },
          { key: "Escape", run: (view) => (view.setTabFocusMode(4000), false) },
        ]),
        keymap.of([...closeBracketsKeymap, ...completionKeymap]),
        keymap.of([{ key: "Tab", run: indentMore, shift: indentLess }]),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        history(),
        marked,
        drawSelection(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [source], icons: false, activateOnTypingDelay: 150 }),
        new LanguageSupport(pythonLanguage),
        syntaxHighlighting(classHighlighter),
        EditorView.contentAttributes.of({
          "aria-label": label,
          "aria-describedby": describedBy,
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
          // Keys reach it without; checkers do not know it, where its lines are wider than it.
          tabindex: "0",
        }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) onChange(state.doc.toString());
        }),
        // Who comes by the Tab key can go on by it, until the first other key.
        EditorView.domEventHandlers({
          focus: (_, view) => void view.setTabFocusMode(true),
          mousedown: (_, view) => void view.setTabFocusMode(false),
          keydown: ({ key }, view) => {
            if (!["Tab", "Shift", "Escape"].includes(key)) view.setTabFocusMode(false);
          },
        }),
      ],
    }),
  });
}
