import { parse, stringify } from 'yaml';
import { ordered } from '../../model/file-order.ts';

/** Loaded beside the page: the parser is as large as all of the rest. */
export const yamlText = {
  of: (file: unknown): string => stringify(ordered(file), { lineWidth: 120 }),
  read: (text: string): unknown => parse(text),
};

export type YamlText = typeof yamlText;
