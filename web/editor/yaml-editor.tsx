import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { completeBy } from './complete.ts';
import { lineOf, syntaxFault } from './lines.ts';
import styles from './yaml-editor.module.css';

export interface Fault {
  pointer: string;
  detail: string;
}

export interface LineFault {
  line: number;
  message: string;
}

/** What is wrong, each with its line. YAML that is broken has no places of pointers. */
export function linesOf(text: string, faults: readonly Fault[]): LineFault[] {
  const broken = syntaxFault(text);
  if (broken) return [broken];
  return faults.map(({ pointer, detail }) => ({ line: lineOf(text, pointer), message: detail }));
}

interface EditorProps {
  label: string;
  text: string;
  faults: readonly LineFault[];
  schema: object | undefined;
  readOnly?: boolean;
  /** Another text, beside which this one is shown: what differs is marked. */
  against?: string | undefined;
  /** Whether lines of the other text can be taken, place by place. */
  merges?: boolean;
  onChange: (text: string) => void;
}

/** Colours of our own in place of those of the editor, which are too pale in one scheme and too dark in the other. */
const highlight = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ tag }, i) => ({
    tag,
    color: ['var(--accent)', 'var(--ok)', 'var(--warn)'][i % 3] ?? 'var(--text)',
  })),
);

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: '13px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--dim)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft) !important' },
  '&.cm-merge-b .cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--ok-soft)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--danger-soft)' },
  '&.cm-merge-b .cm-changedText, &.cm-editor .cm-deletedChunk .cm-deletedText': {
    background: 'none',
    fontWeight: '700',
  },
  '.cm-deletedLine': { textDecoration: 'line-through' },
  '.cm-deletedChunk .merge': {
    minHeight: '24px',
    margin: '2px 4px',
    padding: '0 8px',
    border: '1px solid var(--control)',
    borderRadius: 'var(--radius-small)',
    backgroundColor: 'var(--surface)',
    color: 'var(--text)',
    font: '12px var(--font)',
    cursor: 'pointer',
  },
  '&.cm-editor .cm-collapsedLines': { background: 'var(--sunken)', color: 'var(--dim)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--border)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-fill)', color: 'var(--on-fill)' },
});

const mergeWords = { reject: 'Take the stored lines', accept: 'Keep mine' };

function mergeButton(type: 'reject' | 'accept', act: (event: MouseEvent) => void): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = mergeWords[type];
  button.className = 'merge';
  button.addEventListener('click', act);
  return button;
}

/** An editor in a shadow root, where its styles are sheets that the policy of the page allows. */
export function YamlEditor({
  label,
  text,
  faults,
  schema,
  readOnly = false,
  against,
  merges = false,
  onChange,
}: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const change = useRef(onChange);
  // the editor keeps its text itself: a new one begins when the page gives it another key
  const begin = useRef({ label, text, schema, readOnly, against, merges });
  useEffect(() => {
    change.current = onChange;
  }, [onChange]);
  useEffect(() => {
    if (!host.current) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: begin.current.text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          lintGutter(),
          ...(begin.current.against === undefined
            ? []
            : [
                unifiedMergeView({
                  original: begin.current.against,
                  mergeControls: begin.current.merges ? mergeButton : false,
                  collapseUnchanged: { margin: 3, minSize: 8 },
                }),
              ]),
          yaml(),
          syntaxHighlighting(highlight),
          look,
          ...(begin.current.schema ? [autocompletion({ override: [completeBy(begin.current.schema)] })] : []),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorState.readOnly.of(begin.current.readOnly),
          EditorView.contentAttributes.of({ 'aria-label': begin.current.label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
    };
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const { doc } = editor.state;
    const shown = faults.map(({ line, message }) => {
      const at = doc.line(Math.min(Math.max(1, line), doc.lines));
      return { from: at.from, to: at.to, severity: 'error' as const, message };
    });
    editor.dispatch(setDiagnostics(editor.state, shown));
  }, [faults]);
  return <div ref={host} className={styles.editor} />;
}
