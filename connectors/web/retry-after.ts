/** Headers of an answer, in lower case. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The one value of a header; undefined if it is absent or comes several times. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/**
 * How many seconds a busy source asks to wait: `Retry-After` as seconds or as a date, or the second since 1970 at which a new
 * limit begins (`X-Rate-Limit-Reset`). Dates are compared with the `Date` of the answer, since clocks differ.
 * @returns undefined if it does not say
 */
export function secondsAsked(headers: Headers, now = Date.now()): number | undefined {
  const clock = timeOf(headerOf(headers, 'date')) ?? now;
  const after = headerOf(headers, 'retry-after')?.trim();
  if (after !== undefined && /^\d{1,9}$/.test(after)) return Number(after);
  const at = timeOf(after);
  if (at !== undefined) return Math.max(0, Math.ceil((at - clock) / 1000));
  const reset = headerOf(headers, 'x-rate-limit-reset') ?? headerOf(headers, 'x-ratelimit-reset');
  // a smaller number is no second since 1970
  if (reset !== undefined && /^\d{10}$/.test(reset)) return Math.max(0, Number(reset) - Math.floor(clock / 1000));
  return undefined;
}

/** @returns milliseconds since 1970 of a date of HTTP */
export function timeOf(text: string | undefined): number | undefined {
  // Date.parse takes other texts for dates, too, such as numbers
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text))
    return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
