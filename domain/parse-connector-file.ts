import { coverNames, uncoverNames, uncoverText } from './chosen-names.ts';
import type { z } from 'zod';
import { toPointer, type Fault } from './fault.ts';
import { readYaml } from './read-yaml.ts';
import { asConnectorFile, directoryFileSchema } from './directory/directory-file.ts';
import { textFaults } from './text-faults.ts';
import { connectorFileSchema, unsupportedSections, type ConnectorFile } from './connector-file.ts';

export type ParsedFile =
  | { ok: true; file: ConnectorFile }
  | { ok: false; code: 'body-unreadable' | 'invalid' | 'not-supported'; errors: Fault[] };

const maximumLength = 1 << 20;

/** Reads a connector file, YAML 1.2 or JSON, and checks its shape. Every fault is named, each where it is. */
export function parseConnectorFile(text: string): ParsedFile {
  if (text.length > maximumLength)
    return { ok: false, code: 'invalid', errors: [{ pointer: '', detail: 'A connector file has at most 1 MiB.' }] };
  const read = readYaml(text);
  return 'faults' in read ? { ok: false, code: 'body-unreadable', errors: read.faults } : checkShape(read.value);
}

/** Checks the shape of a connector file that has been read already. */
export function checkShape(value: unknown): ParsedFile {
  const texts = textFaults(value);
  if (texts.length > 0) return { ok: false, code: 'invalid', errors: texts };
  const covered = coverNames(value);
  if (isOfDirectory(covered)) {
    const directory = directoryFileSchema.safeParse(covered, { reportInput: true });
    return directory.success
      ? { ok: true, file: asConnectorFile(uncoverNames(directory.data)) }
      : faulty(directory.error.issues);
  }
  const parsed = connectorFileSchema.safeParse(covered, { reportInput: true });
  return parsed.success ? { ok: true, file: uncoverNames(parsed.data) } : faulty(parsed.error.issues);
}

const isOfDirectory = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Directory';

function faulty(issues: readonly z.core.$ZodIssue[]): ParsedFile {
  const errors = issues.flatMap(faultsOf);
  const unsupported = errors.some(({ detail }) => detail.includes('is not supported by this version'));
  return { ok: false, code: unsupported ? 'not-supported' : 'invalid', errors };
}

/** The faults of a zod issue, by JSON Pointer. */
export function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  return faultsAsRead(issue).map(({ pointer, detail }) => ({
    pointer: uncoverText(pointer),
    detail: uncoverText(detail),
  }));
}

function faultsAsRead(issue: z.core.$ZodIssue): Fault[] {
  const pointer = toPointer(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: toPointer([...issue.path, key]),
      detail: (unsupportedSections as readonly string[]).includes(key)
        ? `${key} is not supported by this version of Syncline.`
        : `${key} is not a field that is known here. Check its spelling, or remove it.`,
    }));
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [{ pointer, detail: `${String(issue.path.at(-1) ?? 'the document')} is missing.` }];
  if (pointer === '/kind')
    return [
      {
        pointer,
        detail: 'kind must be Connector or Directory; another kind is not supported by this version of Syncline.',
      },
    ];
  return [{ pointer, detail: issue.message }];
}
