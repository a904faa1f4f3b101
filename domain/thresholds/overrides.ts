import { own } from '../chosen-names.ts';
import type { ConnectorFile, EntityTypeFile } from '../connector-file.ts';
import type { ThresholdVerdict } from '../sync.ts';
import { overridableNames, type SyncOverrides } from './names.ts';

/** The connector file as this sync is judged by it. Windows, watches and navigation properties are as they were. */
export function withOverrides(
  file: ConnectorFile,
  { thresholds: { entityTypes = {}, ...limits } }: SyncOverrides,
): ConnectorFile {
  return {
    ...file,
    thresholds: { ...file.thresholds, ...limits },
    entityTypes: file.entityTypes.map((type) => {
      const more = own(entityTypes, type.name);
      return more ? { ...type, thresholds: { ...type.thresholds, ...more } } : type;
    }),
  };
}

interface Judged {
  thresholds: ThresholdVerdict[];
}

/**
 * Verdicts that were reached with overridden limits, each with the limit of the connector file that it would have had.
 * @param usual the verdicts of the same change set without the overrides
 */
export function nameOverridden<Of extends Judged>(judged: Of, usual: Judged): Of {
  const configured = (verdict: ThresholdVerdict) => {
    if (verdict.window !== undefined || verdict.watch !== undefined) return undefined;
    const { limit } = usual.thresholds.find((each) => isSame(each, verdict)) ?? verdict;
    return limit === verdict.limit ? undefined : limit;
  };
  return {
    ...judged,
    thresholds: judged.thresholds.map((verdict) => {
      const limit = configured(verdict);
      return limit === undefined ? verdict : { ...verdict, configured: limit };
    }),
  };
}

const isSame = (a: ThresholdVerdict, b: ThresholdVerdict) =>
  a.scope === b.scope && a.name === b.name && a.window === undefined && a.watch === undefined;

/** Why an override cannot be: it names an entity type, or a limit of one, that the connector file does not have. */
export function overrideFault(
  file: ConnectorFile,
  { thresholds: { entityTypes = {} } }: SyncOverrides,
): { path: string[]; detail: string } | undefined {
  for (const [name, limits] of Object.entries(entityTypes)) {
    const type: EntityTypeFile | undefined = file.entityTypes.find((each) => each.name === name);
    const known = file.entityTypes.map((each) => each.name).join(', ');
    if (!type) return { path: [name], detail: `There is no entity type ${name} here. It has ${known}.` };
    for (const limit of overridableNames)
      if (limits[limit] !== undefined && type.thresholds?.[limit] === undefined)
        return {
          path: [name, limit],
          detail: `${name} has no limit ${limit} of its own. To override the limit of the connector, name it without an entity type.`,
        };
  }
  return undefined;
}
