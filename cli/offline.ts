import { LineCounter, parseDocument } from 'yaml';
import {
  changesGap,
  faultsOfConnections,
  isStructured,
  pollsCompletely,
  profileFaults,
  settingsOf,
} from '../connectors/registry.ts';
import { checkConnectorFile, type Surroundings } from '../domain/check-connector-file.ts';
import { targetsOf, type ConnectorFile } from '../domain/connector-file.ts';
import type { Fault } from '../domain/fault.ts';
import { directoryKey, directoryName } from '../domain/directory/directory-file.ts';
import type { MappingFile } from '../domain/directory/mapping-schema.ts';
import { compileOverAssigned } from '../domain/expression.ts';
import type { ProfileFile } from '../domain/provisioning/profile-schema.ts';
import { parseConnectorFile } from '../domain/parse-connector-file.ts';
import { Failure } from './failure.ts';

/** What is wrong at one place of a file; `line` counts from 1, null if the place is not in the text. */
export type PlacedFault = Fault & { line: number | null };

export interface Validation {
  faults: PlacedFault[];
  /** Entity types of other connectors that links lead to: only a running Syncline knows whether they are there. */
  unchecked: string[];
}

/** A connector file with its defaults written out. @throws Failure with every fault of its shape */
export function parseFile(text: string): ConnectorFile {
  const parsed = parseConnectorFile(text);
  if (!parsed.ok) throw new Failure(parsed.code, 'The connector file cannot be used.', parsed.errors);
  return parsed.file;
}

/** Checks a connector file as the API does when it is saved, but for what only a running Syncline knows. */
export function validateFile(text: string): Validation {
  const parsed = parseConnectorFile(text);
  if (!parsed.ok) return { faults: place(text, parsed.errors), unchecked: [] };
  const elsewhere = assumedElsewhere(parsed.file);
  // which folders hold secrets is known to the servers alone: any folder may be one
  const faults = checkConnectorFile(parsed.file, {
    settingsOf,
    structured: isStructured,
    pollGap: changesGap,
    pollsCompletely,
    profileFaults,
    // where a connection may reach is known to the servers alone, too
    connectionFaults: faultsOfConnections(undefined),
    elsewhere,
    secretFolders: ['/'],
  });
  return { faults: place(text, faults), unchecked: [...elsewhere.keys()].sort() };
}

/** Entity types that the file's links lead to and that it does not have, as if they were as the links need them. */
function assumedElsewhere({ entityTypes, mappings = [], provisioning }: ConnectorFile): Surroundings['elsewhere'] {
  const own = new Set(entityTypes.map(({ name }) => name));
  const properties = new Map<string, Set<string>>();
  for (const navigation of entityTypes.flatMap((type) => Object.values(type.navigationProperties)))
    for (const to of targetsOf(navigation)) {
      if (own.has(to)) continue;
      const used = properties.get(to) ?? new Set();
      if (navigation.by !== undefined) used.add(navigation.by);
      properties.set(to, used);
    }
  const assumed = (used: Set<string>) => ({
    connector: '',
    key: ['key'],
    properties: ['key', ...used].map((name) => ({ name, multiValued: false })),
  });
  const all: Surroundings['elsewhere'] = new Map([...properties].map(([name, used]) => [name, assumed(used)]));
  const targets = mappings.map((mapping) => [mapping.to, assumedTarget(mapping)] as const);
  return new Map([...all, ...targets, ...assumedDirectory(provisioning?.profiles ?? [])]);
}

/** An entity type of the directory as a mapping needs it. */
function assumedTarget({ match, attributes }: MappingFile) {
  const isLink = (name: string) => attributes[name]?.link !== undefined || attributes[name]?.referencedBy !== undefined;
  const names = [...new Set([...Object.keys(attributes), ...match.flatMap((rule) => Object.values(rule))])];
  const named = (of: string[]) => of.map((name) => ({ name, multiValued: false }));
  return {
    connector: directoryName,
    key: [directoryKey],
    properties: named(names.filter((name) => !isLink(name))),
    links: named(names.filter(isLink)),
  };
}

/** The entity types of the directory as app profiles need them. */
function assumedDirectory(profiles: readonly ProfileFile[]): Surroundings['elsewhere'] {
  const from = new Set(profiles.map((profile) => profile.from));
  return new Map(
    [...from].map((name) => {
      const own = profiles.filter((profile) => profile.from === name);
      const properties = own.flatMap(({ kind, assigned, attributes }) => [
        ...namesIn(assigned, kind),
        ...Object.values(attributes).flatMap(({ property, expression }) => [
          ...(property === undefined ? [] : [property]),
          ...(expression === undefined ? [] : namesIn(expression, kind)),
        ]),
      ]);
      const named = (of: string[]) => [...new Set(of)].map((each) => ({ name: each, multiValued: false }));
      const links = own.flatMap(({ members }) => (members ? [members.link] : []));
      return [
        name,
        { connector: directoryName, key: [directoryKey], properties: named(properties), links: named(links) },
      ];
    }),
  );
}

/** The properties that an expression names; one that cannot be used is a fault of its own. */
function namesIn(expression: string, kind: ProfileFile['kind']): string[] {
  try {
    return compileOverAssigned(expression, kind).columns ?? [];
  } catch {
    return [];
  }
}

/** Each fault with the line that it is in, or that of the nearest place around it. */
function place(text: string, faults: readonly Fault[]): PlacedFault[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
  const lineOf = (pointer: string): number | null => {
    const path = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      const start = (node as { range?: readonly number[] } | undefined)?.range?.[0];
      if (start !== undefined) return lines.linePos(start).line;
    }
    return null;
  };
  return faults.map((fault) => ({ ...fault, line: document.errors.length > 0 ? null : lineOf(fault.pointer) }));
}
