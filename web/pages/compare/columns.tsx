import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ComparedRow } from '../../model/compare-syncs.ts';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import type { Column } from '../../parts/data-table/data-table.tsx';
import type { Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { clock, duration, inFull } from '../../words/time.ts';

interface Fact {
  name: string;
  of: (sync: Sync) => ReactNode;
}

const facts: Fact[] = [
  { name: 'Sync', of: ({ id, createdAt }) => <Link to={`/syncs/${id}`}>{inFull(createdAt)}</Link> },
  { name: 'Status', of: ({ status }) => <StatusMark status={status} /> },
  { name: 'Mode', of: ({ mode, dryRun }) => `${mode}${dryRun ? ', dry run' : ''}` },
  {
    name: 'Started by',
    of: ({ trigger, job }) => `${trigger.replaceAll('-', ' ')}${job === null ? '' : ` by ${job}`}`,
  },
  {
    name: 'Took',
    of: ({ startedAt, endedAt }) =>
      startedAt && endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : '–',
  },
  { name: 'Revision', of: ({ configRevision }) => configRevision },
  { name: 'Rows read', of: ({ progress }) => count(progress.rowsExported) },
  { name: 'Rows rejected', of: ({ progress }) => count(progress.rowsRejected) },
  {
    name: 'Held',
    of: ({ holds }) => (holds.length === 0 ? 'no' : [...new Set(holds.map(({ code }) => code))].join(', ')),
  },
  {
    name: 'Decision',
    of: ({ decision }) => (decision ? `${decision.action} by ${decision.byName} at ${clock(decision.at)}` : '–'),
  },
];

/** Without those that have nothing to say of either. */
export const factsOf = (earlier: Sync, later: Sync): Fact[] =>
  facts.filter(({ of }) => of(earlier) !== '–' || of(later) !== '–');

export const factColumns = (earlier: Sync, later: Sync): Column<Fact>[] => [
  { title: 'What', width: 'minmax(0, 0.8fr)', cell: ({ name }) => <span className="dim">{name}</span> },
  { title: 'Earlier', cell: ({ of }) => of(earlier) },
  { title: 'Later', cell: ({ of }) => of(later) },
];

const width = 'minmax(0, 0.6fr)';

export const counterColumns: Column<ComparedRow>[] = [
  { title: 'Counter', width: 'minmax(0, 2fr)', cell: ({ name }) => name },
  { title: 'Earlier', align: 'end', width, cell: ({ earlier }) => count(earlier) },
  { title: 'Later', align: 'end', width, cell: ({ later }) => count(later) },
  { title: 'Difference', align: 'end', width, cell: (row) => <Difference of={row.later - row.earlier} /> },
];

const Difference = ({ of }: { of: number }) =>
  of === 0 ? <span className="dim">same</span> : <strong>{`${of > 0 ? '+' : '−'}${count(Math.abs(of))}`}</strong>;
