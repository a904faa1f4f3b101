import { changedMappings, type ChangedMapping } from '../../../domain/changed-mappings.ts';
import type { ConnectorFile } from '../../../domain/connector-file.ts';
import { describeChangedFilter, type ChangedFilter } from '../../../domain/filters.ts';
import { changedTargets, type ChangedTarget } from '../../changed-targets.ts';
import { row } from '../../database.ts';
import type { Detector, Finding, Search } from '../detector.ts';
import type { Explained } from '../explained.ts';
import type { CauseSubject } from '../subject.ts';

/** The connector file differs from that of the last applied sync in what explains changes. */
export const configurationChanged: Detector = {
  code: 'configuration-changed',
  async find(search) {
    const filters = search.changedFilters.flatMap((changed) => filterFinding(search, changed));
    const last = await lastApplied(search);
    if (!last) return filters;
    const targets = (await changedTargets(search.tx, search.connector, last.since)).flatMap((target) =>
      targetFinding(search, target),
    );
    if (!last.other) return [...filters, ...targets];
    const mappings = changedMappings(last.file, search.file, search.readingSettings).filter(
      ({ effect, entityType, property }) =>
        effect === 'property' || !filters.some((each) => each.entityType === entityType && each.property === property),
    );
    return [...filters, ...mappings.flatMap((changed) => findings(search, changed, last.revision)), ...targets];
  },
};

/** The last applied sync: when it began, its revision, and whether that is another one. */
async function lastApplied({ tx, sync, connector }: Search) {
  return row<{ since: string; revision: number; file: ConnectorFile; other: boolean }>(
    tx,
    `select last.created_at as since, r.revision, r.file,
       r.revision <> (select config_revision from syncline.sync where no = ?) as other
     from (
       select created_at, config_revision from syncline.sync where connector = ? and applied and no <> ? and not dry_run
       order by applied_at desc nulls last, no desc limit 1
     ) last join syncline.connector_revision r on r.connector = ? and r.revision = last.config_revision`,
    [sync, connector, sync, connector],
  );
}

/** If the filter of a scope changed, that is the most likely cause of the deletes of the scope. */
function filterFinding({ subjects }: Search, filter: ChangedFilter): Finding[] {
  const { entityType, property, parts, since } = filter;
  const type = subjects.find(({ name }) => name === entityType);
  const link = type?.links.find(({ name }) => name === property);
  if (!type || (property !== undefined && !link)) return [];
  return [
    {
      entityType,
      ...(property === undefined ? {} : { property }),
      message: `${describeChangedFilter(filter)}.`,
      examples: parts,
      counts: { revision: since, deleted: link ? link.deleted : type.deleted },
      explains: [
        link
          ? { kind: 'link', property: link.id, operation: 'd' }
          : { kind: 'resource', type: type.id, operation: 'd' },
      ],
    },
  ];
}

/** Another connector has given the target of links another key: links that had no target get one, and the other way round. */
function targetFinding(
  { subjects }: Search,
  { property, name, target, connector, revision }: ChangedTarget,
): Finding[] {
  const type = subjects.find(({ links }) => links.some(({ id }) => id === property));
  const link = type?.links.find(({ id }) => id === property);
  if (!type || !link || link.inserted + link.updated + link.deleted === 0) return [];
  return [
    {
      entityType: type.name,
      property: link.name,
      message: `The key of ${target}, to which ${name} leads, differs from revision ${String(revision)} of ${connector}, which was in use when the last applied sync began.`,
      examples: ['key'],
      counts: { revision, inserted: link.inserted, updated: link.updated, deleted: link.deleted },
      explains: (['i', 'u', 'd'] as const).map((operation) => ({ kind: 'link', property, operation })),
    },
  ];
}

function findings({ subjects }: Search, changed: ChangedMapping, revision: number): Finding[] {
  const type = subjects.find(({ name }) => name === changed.entityType);
  if (!type) return [];
  const explains = explained(type, changed);
  if (explains.length === 0) return [];
  const { property, parts } = changed;
  const of = property === undefined ? type.name : `${type.name}.${property}`;
  return [
    {
      entityType: type.name,
      ...(property === undefined ? {} : { property }),
      message: `${listed(parts)} of ${of} ${parts.length === 1 ? 'differs' : 'differ'} from revision ${String(revision)}, which the last applied sync used.`,
      examples: parts,
      counts: { revision },
      explains,
    },
  ];
}

/** What a changed part of the connector file can change in the rows. */
function explained(type: CauseSubject, { effect, property = '' }: ChangedMapping): Explained[] {
  const resources = (operation: 'i' | 'u' | 'd', lines: number): Explained[] =>
    lines > 0 ? [{ kind: 'resource', type: type.id, operation }] : [];
  switch (effect) {
    case 'property':
      return type.updated > 0
        ? [{ kind: 'resource', type: type.id, operation: 'u', where: { changes: [property] } }]
        : [];
    case 'rows':
      return [...resources('i', type.inserted), ...resources('d', type.deleted)];
    case 'everything':
      return [...resources('u', type.updated), ...resources('i', type.inserted), ...resources('d', type.deleted)];
    case 'links': {
      const link = type.links.find(({ name }) => name === property);
      const letters = link ? (['i', 'u', 'd'] as const) : [];
      return letters.map((operation) => ({ kind: 'link', property: link?.id ?? 0, operation }));
    }
  }
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
