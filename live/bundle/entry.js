// What pages take from npm: an editor for Python, and DOMPurify. `make editor` bundles it into
// ../page/vendor.js, which is committed, so that building the book needs neither node nor npm.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching, indentOnInput, indentUnit, LanguageSupport, syntaxHighlighting,
} from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

export { default as DOMPurify } from "dompurify";

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
