import { useRef, useState } from 'react';
import { partsOf, type FileParts } from '../../model/file-parts.ts';
import { validateFile } from '../../server/file-actions.ts';

type Validation = Awaited<ReturnType<typeof validateFile>>;

/** What the check says, and of which text. */
export type Checked = Validation & {
  of: string;
  faults: { line: number; message: string }[];
  parts: FileParts | undefined;
};

/** A file of this device: what it was when it was opened, what has been typed since, and what the check says. */
export function useCheckedFile() {
  const [file, setFile] = useState<{ text: string; opened: number }>();
  const [text, setText] = useState('');
  const [checked, setChecked] = useState<Checked>();
  const [error, setError] = useState<Error>();
  const turn = useRef(0);
  const check = async (of: string) => {
    const mine = ++turn.current;
    setError(undefined);
    try {
      const [{ linesOf }, { parse }] = await Promise.all([import('../../editor/yaml-editor.tsx'), import('yaml')]);
      const answer = await validateFile(of);
      const parts = answer.valid ? partsOf(parse(of)) : undefined;
      if (mine === turn.current) setChecked({ ...answer, of, faults: linesOf(of, answer.errors), parts });
    } catch (thrown) {
      if (mine === turn.current) setError(thrown as Error);
    }
  };
  return {
    file,
    text,
    checked,
    error,
    open: (opened: string) => {
      setFile((before) => ({ text: opened, opened: (before?.opened ?? 0) + 1 }));
      setText(opened);
      setChecked(undefined);
      void check(opened);
    },
    edit: setText,
    check: () => void check(text),
    fail: (fault: string) => {
      setError(new Error(fault));
    },
  };
}
