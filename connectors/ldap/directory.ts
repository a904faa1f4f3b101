import type net from 'node:net';
import { Client, type Control, type Filter } from 'ldapts';
import { SyncError } from '../../domain/errors.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { Entry } from '../entries/entry.ts';
import type { Outbound } from '../outbound/index.ts';
import type { Connection, Pacer } from '../package.ts';
import { sendChange, type Answer, type Change } from './change.ts';
import { connect } from './connect.ts';
import { lost, RefusedError, toSyncError } from './errors.ts';
import { parseFilter } from '../entries/filter.ts';
import { SearchEntry } from './search-entry.ts';
import { urlsOf, type LdapSettings } from './settings.ts';
import { kinds, Tap, type Message } from './tap.ts';

export interface Search {
  base: string;
  scope: 'base' | 'one' | 'sub';
  filter?: Filter;
  /** None: all attributes of users. */
  attributes?: readonly string[];
  controls?: readonly Control[];
  /** Most entries; if there are more, the search ends with `size-limit` behind the last of them. */
  sizeLimit?: number;
  /** Called with each entry as it comes; then the result has none. */
  onEntry?: (entry: () => Entry, message: Message) => void;
  /** Called with each Intermediate Response. */
  onInfo?: (content: Buffer) => void;
  /** Whether the caller of the package counts the request, since it gives a batch. */
  counted?: boolean;
  table?: string;
}

export interface Found {
  entries: Entry[];
  /** How many references to other servers came. */
  references: number;
  /** Values of the controls of the result. */
  controls: ReadonlyMap<string, Buffer>;
  bytes: number;
}

/** What a server says of itself (RFC 4512, 5.1). */
export interface RootEntry {
  url: string;
  controls: ReadonlySet<string>;
  contexts: string[];
  schema: string | undefined;
  /** Active Directory, or Samba. */
  isActiveDirectory: boolean;
  /** 389 Directory Server. */
  is389: boolean;
  value(attribute: string): string | undefined;
}

interface Options {
  /** The server to ask before the others. */
  first?: string | undefined;
  pacer?: Pacer | undefined;
  signal?: AbortSignal | undefined;
}

/** One login to one server. Searches run one after the other. */
export class Directory {
  readonly root: RootEntry;
  readonly #client: Client;
  readonly #tap: Tap;
  readonly #timeLimit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #stop: () => void;
  /** Asked before each request that the caller does not count. */
  pacer: Pacer | undefined;

  private constructor(client: Client, tap: Tap, timeLimit: number, root: RootEntry, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#tap = tap;
    this.#timeLimit = timeLimit;
    this.root = root;
    this.#signal = signal;
    this.#stop = () => tap.destroy();
    signal?.addEventListener('abort', this.#stop, { once: true });
  }

  /**
   * Logs in to the first server that answers.
   * @throws SyncError
   */
  static async open(
    outbound: Outbound,
    { settings, secrets }: Connection<LdapSettings>,
    { first, signal, pacer }: Options = {},
  ): Promise<Directory> {
    const urls = urlsOf(settings).sort((a, b) => Number(b === first) - Number(a === first));
    let unreachable: unknown;
    for (const url of urls)
      try {
        // the caller has counted the login, but not the question for what the server says of itself
        await pacer?.request();
        const directory = await Directory.#login(outbound, url, settings, secrets, signal);
        directory.pacer = pacer;
        return directory;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof SyncError) || error.code !== 'connection') throw error;
        unreachable ??= error;
      }
    throw unreachable;
  }

  static async #login(
    outbound: Outbound,
    url: string,
    settings: LdapSettings,
    secrets: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<Directory> {
    const { bindDN, sasl } = settings;
    const password = secrets['password'] ?? '';
    // a login with a name and no password succeeds without a check (RFC 4513, 5.1.2)
    if (bindDN !== undefined && password === '')
      throw new SyncError('configuration', 'The connection has bindDN, but no secret named password.');
    const tap = new Tap(await connect(outbound, url, settings, signal));
    const timeout = parseDuration(settings.timeout);
    // the tap is handed out once: ldapts would open a new connection without a login where one is lost
    const taps = [tap];
    const client = new Client({
      url: 'ldap://directory',
      timeout: timeout + 5000,
      createConnection: (() => {
        const next = taps.pop();
        if (!next) throw lost();
        return next;
      }) as unknown as typeof net.connect,
    });
    try {
      if (sasl === 'external') await client.bindSASL('EXTERNAL');
      else await client.bind(bindDN ?? '', password);
      const unread = new Directory(client, tap, Math.ceil(timeout / 1000), noRoot, signal);
      try {
        const root = await readRoot(unread, url);
        return new Directory(client, tap, Math.ceil(timeout / 1000), root, signal);
      } finally {
        signal?.removeEventListener('abort', unread.#stop);
      }
    } catch (error) {
      tap.destroy();
      signal?.throwIfAborted();
      throw toSyncError(error);
    }
  }

  /** @throws SyncError with the code of what the server answered, where that is not success */
  async search(search: Search): Promise<Found> {
    if (search.counted !== true) await this.pacer?.request();
    for (;;)
      try {
        return await this.#searchOnce(search);
      } catch (error) {
        if (!(error instanceof RefusedError) || error.code !== 'throttled' || !this.pacer) throw error;
        await this.pacer.busy();
      }
  }

  async #searchOnce(search: Search): Promise<Found> {
    const { base, scope, filter, attributes = [], controls = [], sizeLimit, onEntry, onInfo, table } = search;
    this.#signal?.throwIfAborted();
    if (!this.isOpen) throw this.#cause() ?? lost(table);
    const entries: Entry[] = [];
    let references = 0;
    let bytes = 0;
    let found: Found['controls'] = new Map();
    this.#tap.look = (message) => {
      bytes += message.bytes;
      if (message.kind === kinds.entry) {
        const entry = () => new SearchEntry(message.content());
        if (onEntry) onEntry(entry, message);
        else entries.push(entry());
        return false;
      }
      if (message.kind === kinds.reference) references++;
      if (message.kind === kinds.intermediate) onInfo?.(message.content());
      if (message.kind === kinds.done) found = message.controls();
      return message.kind !== kinds.reference;
    };
    try {
      await this.#client.search(
        base,
        {
          scope,
          filter: filter ?? parseFilter('(objectClass=*)'),
          attributes: [...attributes],
          timeLimit: this.#timeLimit,
          ...(sizeLimit === undefined ? {} : { sizeLimit }),
        },
        [...controls],
      );
    } catch (error) {
      this.#signal?.throwIfAborted();
      const failure = this.#cause() ?? toSyncError(error, table);
      // entries of this search that still come would count for the next one
      if (!(failure instanceof RefusedError)) this.#tap.destroy();
      throw failure;
    } finally {
      this.#tap.look = () => true;
    }
    return { entries, references, controls: found, bytes };
  }

  /**
   * Sends a change, once.
   * @returns undefined if no answer came: nobody knows whether it had an effect
   * @throws SyncError if it was not sent
   */
  async write(change: Change): Promise<Answer | undefined> {
    await this.pacer?.request();
    this.#signal?.throwIfAborted();
    if (!this.isOpen) throw this.#cause() ?? lost();
    const answer = await sendChange(this.#client, change);
    if (!answer) this.#tap.destroy();
    return answer;
  }

  /** Whether requests can be sent, as far as is known here. */
  get isOpen(): boolean {
    return this.#client.isBound && !this.#tap.destroyed;
  }

  /** Ends the connection at once, and what waits for an answer with it. */
  cut(): void {
    this.#tap.destroy();
  }

  #cause(): SyncError | undefined {
    return this.#tap.failure instanceof SyncError ? this.#tap.failure : undefined;
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    await this.#client.unbind().catch(() => undefined);
    this.#tap.destroy();
  }
}

const noRoot: RootEntry = {
  url: '',
  controls: new Set(),
  contexts: [],
  schema: undefined,
  isActiveDirectory: false,
  is389: false,
  value: () => undefined,
};

async function readRoot(directory: Directory, url: string): Promise<RootEntry> {
  const { entries } = await directory.search({ base: '', scope: 'base', attributes: ['*', '+'] });
  const values = (name: string) => (entries[0]?.attributes.get(name.toLowerCase()) ?? []).map(String);
  return {
    url,
    controls: new Set(values('supportedControl')),
    contexts: values('namingContexts'),
    schema: values('subschemaSubentry')[0],
    isActiveDirectory: values('supportedCapabilities').includes('1.2.840.113556.1.4.800'),
    is389: values('vendorName').includes('389 Project'),
    value: (attribute) => values(attribute)[0],
  };
}

/** The values of an attribute as text. */
export const textsOf = (entry: Entry, name: string): string[] =>
  (entry.attributes.get(name.toLowerCase()) ?? []).map((value) => value.toString('utf8'));
