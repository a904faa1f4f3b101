import type { Command } from 'commander';
import { validateFile } from '../offline.ts';
import { print, printJson } from '../output.ts';
import { readText } from '../read-file.ts';

/** `validate`: connector files, without a running Syncline. */
export function validateCommand(program: Command): void {
  program
    .command('validate <file...>')
    .description('check connector files without a running Syncline, for example before a commit; - for standard input')
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const results = [];
      for (const file of files) results.push({ file, ...validateFile(await readText(file)) });
      if (json)
        printJson({
          items: results.map(({ faults, ...rest }) => ({ ...rest, valid: faults.length === 0, errors: faults })),
        });
      else
        for (const { file, faults, unchecked } of results) {
          if (faults.length === 0) print(`${file}: valid`);
          for (const { line, pointer, detail } of faults)
            print(
              `${file}${line === null ? '' : `:${String(line)}`}: ${pointer === '' ? '' : `${pointer}: `}${detail}`,
            );
          if (unchecked.length > 0)
            print(`${file}: not checked: whether other connectors have ${unchecked.join(', ')}`);
        }
      if (results.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
    });
}
