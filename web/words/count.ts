const numbers = new Intl.NumberFormat('en');
const plurals = new Intl.PluralRules('en');

/** 14,000 */
export const count = (n: number): string => numbers.format(n);

/** "1 delete", "3 deletes" */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${plurals.select(n) === 'one' ? one : many}`;

/** 0.066 → "6.6 %" */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} %`;
}
