import type { BreakerRule } from './breaker.ts';
import type { ConnectorFile } from './connector-file.ts';
import { parseDuration } from './duration.ts';
import { tablesInScope } from './scope.ts';

/** How a package is polled if the connector file has only `poll: {}`; durations as in the file. */
export interface PollDefaults {
  interval: string;
  failures: number;
  reset: string;
  /** The package tells no changes, so each poll reads everything. */
  complete?: boolean;
}

/** How one connection of a connector is polled. */
export interface PollPlan extends BreakerRule {
  connection: string;
  /** Milliseconds from the beginning of one sync to that of the next, give or take the jitter. */
  interval: number;
  /** What its syncs are limited to; null if the connector has no other connection. */
  entityTypes: string[] | null;
  /** Whether each sync is a complete one; absent: only where it has to be. */
  complete?: true;
}

/** The polled connections of a file. One from which no entity type reads is not polled. */
export function pollsOf(
  file: ConnectorFile,
  defaultsOf: (packageName: string) => PollDefaults | undefined,
): PollPlan[] {
  return file.connections.flatMap((connection) => {
    const defaults = defaultsOf(connection.package);
    if (!connection.poll || !defaults) return [];
    const entityTypes = file.entityTypes
      .filter((type) => type.source.connection === connection.name)
      .map((type) => type.name);
    if (entityTypes.length === 0) return [];
    return [
      {
        connection: connection.name,
        interval: parseDuration(connection.poll.interval ?? defaults.interval),
        failures: connection.poll.failures ?? defaults.failures,
        reset: parseDuration(connection.poll.reset ?? defaults.reset),
        entityTypes: file.connections.length === 1 ? null : entityTypes,
        ...(defaults.complete ? { complete: true } : {}),
      },
    ];
  });
}

/** The connections that the incremental syncs of a polled one read: its own, and those of its entity types' link tables. */
export function connectionsRead(file: ConnectorFile, connection: string): string[] {
  const entityTypes = file.entityTypes.filter((type) => type.source.connection === connection).map((type) => type.name);
  return file.connections
    .map(({ name }) => name)
    .filter((name) => name === connection || tablesInScope(file, { entityTypes }, name).length > 0);
}

/** A tenth of the interval either way: polls that began together do not stay together. */
const jitter = 0.1;
/** Polls that are new, or late because no worker ran, begin within a minute, but not all at the same time. */
const firstWithin = 60_000;

/**
 * When the next sync begins: an interval after the last sync began. If that sync took longer than an interval, the next
 * one begins a tenth of an interval after its end.
 * @param random of [0, 1)
 * @returns milliseconds since 1970
 */
export function nextPollAt(began: number, ended: number, interval: number, random: number): number {
  const spread = Math.round(interval * (1 - jitter + 2 * jitter * random));
  return Math.max(began + spread, ended + Math.round(interval * jitter));
}

/** When a poll begins that is new, or late. @param random of [0, 1) */
export function firstPollAt(now: number, interval: number, random: number): number {
  return now + Math.round(Math.min(interval, firstWithin) * random);
}
