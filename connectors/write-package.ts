import type { Connection, Pacer } from './package.ts';

/**
 * The contract of the write side of a package: what it does with accounts and groups at a target. It throws `WriteError`s and
 * never sees our database. It never repeats a request that writes: the caller asks the target before it does. What each package
 * does is in docs/guides/write-to-a-target.md.
 */

/** A name of a directory: the values of its first part, and the name of the entry above. Values are not escaped. */
export interface DirectoryName {
  rdn: Readonly<Record<string, string>>;
  parent: string;
}

/** A list has no order and no value twice. A text of bytes is in base64 where the target keeps bytes. */
export type AttributeValue = string | number | boolean | null | readonly (string | number | boolean)[] | DirectoryName;

/** Values by the path of the attribute, as the package writes paths. Null, an empty list and a missing path: no value. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface TargetAccount {
  /** Stays for the life of the account. */
  id: string;
  /** Those of the session's `attributes` that have a value and that the target shows. */
  attributes: Attributes;
  /** Null for groups, and where the target does not say. */
  enabled: boolean | null;
  /** The value of `capabilities.anchor`, null if it has none. */
  anchor: string | null;
}

/** What delete does: nothing, the same as disable, a delete that people can take back, or one that nobody can. */
export type DeleteMeaning = 'none' | 'disables' | 'restorable' | 'permanent';

export interface AttributeRules {
  /** Only a create sets it. */
  immutable: boolean;
  /** The target refuses an account without it. */
  required: boolean;
  /** The target never shows it, so it cannot be compared: a password. */
  writeOnly: boolean;
}

export interface WriteCapabilities {
  create: boolean;
  update: boolean;
  disable: boolean;
  enable: boolean;
  delete: DeleteMeaning;
  /** Whether it has groups at all, and whether groups can be members of groups. */
  groups: boolean;
  nestedGroups: boolean;
  /** Most members that one request adds or removes. A longer list takes several. */
  membersPerCall: number;
  /** The attribute that holds our own id of the account; null if the target has no place for it. It can be looked for by `find`. */
  anchor: string | null;
  /** Whether `find` can look for a value of the attribute. */
  canFind(attribute: string): boolean;
  rules(attribute: string): AttributeRules;
}

/** One use of a target for accounts of one kind. It is closed whatever happens. */
export interface AccountWriter {
  /** As the target describes itself, where it does. */
  readonly capabilities: WriteCapabilities;
  /**
   * Accounts that the target finds by equal values. All pairs of one entry must hold. The entries are asked in their order, until
   * one finds something. The target may ignore case or more, so the caller compares again. More than ten are not given.
   */
  find(match: readonly Attributes[], signal?: AbortSignal): Promise<TargetAccount[]>;
  /** Null only if the target says that there is none. */
  readById(id: string, signal?: AbortSignal): Promise<TargetAccount | null>;
  /**
   * An account that is enabled, unless `enabled` is false.
   * @param anchor written into `capabilities.anchor`, unless `attributes` has a value for it
   */
  create(
    attributes: Attributes,
    more: { anchor: string | null; enabled?: boolean },
    signal?: AbortSignal,
  ): Promise<{ id: string }>;
  /** Sets the values that are named, and leaves all others. */
  update(id: string, differences: Attributes, signal?: AbortSignal): Promise<void>;
  /** Success where it is so already. So is `enable`. */
  disable(id: string, signal?: AbortSignal): Promise<void>;
  enable(id: string, signal?: AbortSignal): Promise<void>;
  /** @throws WriteError `missing` where it is gone already */
  delete(id: string, signal?: AbortSignal): Promise<void>;
  /** Ids of all members of a group, in pieces. */
  members(id: string, signal?: AbortSignal): AsyncIterable<string[]>;
  /** Success where they are members already; `removeMembers`: where they are none. */
  addMembers(id: string, members: readonly string[], signal?: AbortSignal): Promise<void>;
  removeMembers(id: string, members: readonly string[], signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What is wrong with a profile type of a connector file. */
export interface ProfileProblem {
  code: 'unknown-attribute' | 'reserved-attribute' | 'required-missing' | 'capability-missing' | 'wrong-form';
  /** The attribute at fault; absent if it is the profile as a whole. */
  attribute?: string;
  /** For people. */
  detail: string;
}

export interface ProfileShape {
  kind: 'user' | 'group';
  /** Paths of the attributes that the profile maps. */
  attributes: readonly string[];
  /** Attributes that accounts are looked for by. */
  match: readonly string[];
  /** Attributes whose value is a `DirectoryName`. Connector files have no form for one yet. */
  directoryNames?: readonly string[];
}

/** What is known of the write side of a package without reaching its systems. */
export interface WriteDescription<Settings = unknown> {
  name: string;
  /** Milliseconds after which a request to the target is given up. */
  requestTimeout(settings: Settings): number;
  /** What is known before the target has described itself. */
  capabilities(settings: Settings, kind: 'user' | 'group'): WriteCapabilities;
  /** @param settings as the package's own schema gives them */
  checkProfile(settings: Settings, profile: ProfileShape): ProfileProblem[];
}

export interface WritePackage<Settings = unknown> extends WriteDescription<Settings> {
  /**
   * @param attributes paths that the profile maps: what accounts show
   * @throws WriteError
   */
  open(
    connection: Connection<Settings>,
    use: { kind: 'user' | 'group'; attributes: readonly string[] },
    asking?: { pacer?: Pacer | undefined; signal?: AbortSignal | undefined },
  ): Promise<AccountWriter>;
}

/**
 * `transient`: it had no effect, and a later attempt may succeed. `terminal`: it had none, and never will. `unknown`: it was sent, and
 * nobody knows whether it had an effect.
 */
export type WriteErrorKind = 'transient' | 'terminal' | 'exists' | 'missing' | 'throttled' | 'credentials' | 'unknown';

export type WriteErrorCode =
  | 'target-unavailable'
  | 'target-rejected'
  | 'target-throttled'
  | 'target-credentials'
  | 'target-missing'
  | 'account-exists'
  | 'not-unique'
  | 'required-missing'
  | 'immutable-attribute'
  | 'capability-missing'
  | 'outcome-unknown';

const usualCodes: Readonly<Record<WriteErrorKind, WriteErrorCode>> = {
  transient: 'target-unavailable',
  terminal: 'target-rejected',
  exists: 'account-exists',
  missing: 'target-missing',
  throttled: 'target-throttled',
  credentials: 'target-credentials',
  unknown: 'outcome-unknown',
};

export interface WriteErrorMore {
  code?: WriteErrorCode | undefined;
  /** How long the target asks to wait. */
  retryAfterSeconds?: number | undefined;
  /** The attribute at fault, as the profile writes it. */
  field?: string | undefined;
  cause?: unknown;
}

export class WriteError extends Error {
  readonly kind: WriteErrorKind;
  readonly code: WriteErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly field: string | undefined;

  /** @param message holds no value that was sent, and at most 200 characters of the target's words */
  constructor(kind: WriteErrorKind, message: string, { code, retryAfterSeconds, field, cause }: WriteErrorMore = {}) {
    super(message, { cause });
    this.name = 'WriteError';
    this.kind = kind;
    this.code = code ?? usualCodes[kind];
    this.retryAfterSeconds = retryAfterSeconds;
    this.field = field;
  }
}
