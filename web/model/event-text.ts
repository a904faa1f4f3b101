/** One event of a stream. */
export interface StreamEvent {
  id: string;
  type: string;
  data: Record<string, unknown>;
}

/** Takes a text of `text/event-stream` as it comes, in parts that end anywhere. What is no whole event yet is kept for the next part. */
export class EventText {
  #rest = '';

  /** @returns the events that are whole now */
  take(part: string): StreamEvent[] {
    const blocks = (this.#rest + part).split(/\r?\n\r?\n/);
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => eventOf(block) ?? []);
  }
}

/** A block without data is none: a comment that keeps the connection open, or the time after which to come again. */
function eventOf(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    const before = fields.get(name);
    if (name !== '') fields.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return {
    id: fields.get('id') ?? '',
    type: fields.get('event') ?? 'message',
    data: JSON.parse(data) as Record<string, unknown>,
  };
}
