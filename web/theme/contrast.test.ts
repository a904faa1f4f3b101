import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

/** The colours of a scheme, by name. */
function tokens(scheme: string): Record<string, string> {
  const block = css.slice(css.indexOf(`[data-mantine-color-scheme='${scheme}']`)).split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (parts[0] ?? 0) + 0.7152 * (parts[1] ?? 0) + 0.0722 * (parts[2] ?? 0);
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['page', 'surface', 'sunken'];
const texts = ['text', 'dim', 'accent', 'danger', 'warn', 'ok'];
const pairs: [string, string, number][] = [
  ...texts.flatMap((text) => grounds.map((ground): [string, string, number] => [text, ground, 4.5])),
  ...['accent', 'danger', 'warn', 'ok'].flatMap((name): [string, string, number][] => [
    [name, `${name}-soft`, 4.5],
    ['text', `${name}-soft`, 4.5],
    ['dim', `${name}-soft`, 4.5],
  ]),
  ...['accent-fill', 'accent-fill-hover', 'danger-fill', 'danger-fill-hover'].map((fill): [string, string, number] => [
    'on-fill',
    fill,
    4.5,
  ]),
  ...grounds.map((ground): [string, string, number] => ['control', ground, 3]),
];

describe.each(['light', 'dark'])('in the %s scheme', (scheme) => {
  const colours = tokens(scheme);
  it.each(pairs)('%s on %s has a contrast of at least %s', (front, back, least) => {
    expect(contrast(colours[front] ?? '', colours[back] ?? '')).toBeGreaterThanOrEqual(least);
  });
});
