import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { Failure } from './failure.ts';

/** The text of a file; `-` is standard input. @throws Failure `missing-file` */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch {
    throw new Failure('missing-file', `The file ${file} cannot be read.`);
  }
}

/** The name of the connector that a file is of. @throws Failure if it is no connector file */
export function nameIn(text: string, file: string): string {
  let name: unknown;
  try {
    name = (parse(text) as { name?: unknown } | null)?.name;
  } catch (error) {
    throw new Failure('invalid', `${file} is neither YAML nor JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (typeof name !== 'string' || name === '')
    throw new Failure('invalid', `${file} has no name. A connector file needs the field name.`);
  return name;
}
