import cronstrue from 'cronstrue';

const inWords = (cron: string): string => cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: true });

/**
 * "At 02:00, every day". Where an expression has days of the month and days of the week, it runs on days that fit either: each
 * of the two is a sentence part of its own.
 * @returns undefined where it is no expression
 */
export function cronWords(cron: string): string | undefined {
  const [minute = '', hour = '', day = '', month = '', weekday = '', more] = cron.trim().split(/\s+/);
  if (weekday === '' || more !== undefined) return undefined;
  try {
    if (day === '*' || weekday === '*') return inWords(cron.trim());
    const [one, other] = [
      inWords(`${minute} ${hour} ${day} ${month} *`),
      inWords(`${minute} ${hour} * ${month} ${weekday}`),
    ];
    return `${one}; and ${other.charAt(0).toLowerCase()}${other.slice(1)}`;
  } catch {
    return undefined;
  }
}
