import { own } from '../chosen-names.ts';
import type { ConnectorFile, EntityTypeFile, NavigationFile } from '../connector-file.ts';

type Add = (path: PropertyKey[], detail: string) => void;

/** A period has one window: of two, nobody could say which one counts. */
export function checkWindows({ windows = [] }: ConnectorFile, add: Add): void {
  windows.forEach(({ period }, i) => {
    if (windows.findIndex((each) => each.period === period) !== i)
      add(['windows', i, 'period'], `Another window has the period ${period}.`);
  });
}

/** A watch that names no property would never count anything. */
export function checkWatches(type: EntityTypeFile, add: Add): void {
  type.watch?.forEach(({ property }, i) => {
    if (!own(type.properties, property)) add(['watch', i, 'property'], `There is no property ${property}.`);
  });
}

/** @param keyLength how many properties the key of the target has */
export function checkLinkWatches({ watch }: NavigationFile, to: string, keyLength: number, add: Add): void {
  watch?.forEach((each, i) => {
    each.to.forEach((key, j) => {
      if ((typeof key === 'string' ? 1 : key.length) !== keyLength)
        add(
          ['watch', i, 'to', j],
          keyLength === 1
            ? `A key of ${to} is one text.`
            : `A key of ${to} has ${String(keyLength)} properties: write it as a list of as many texts.`,
        );
    });
  });
}
