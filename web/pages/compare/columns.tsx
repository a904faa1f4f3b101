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
export const factsOf = (first: Sync, second: Sync): Fact[] =>
  facts.filter(({ of }) => of(first) !== '–' || of(second) !== '–');

const titles = (first: Sync, second: Sync): [string, string] => {
  const [one, other] = first.id < second.id ? ['Earlier', 'Later'] : ['Later', 'Earlier'];
  return [one, other];
};

export function factColumns(first: Sync, second: Sync): Column<Fact>[] {
  const [one, other] = titles(first, second);
  return [
    { title: 'What', width: 'minmax(0, 0.8fr)', cell: ({ name }) => <span className="dim">{name}</span> },
    { title: one, cell: ({ of }) => of(first) },
    { title: other, cell: ({ of }) => of(second) },
  ];
}

export function counterColumns(first: Sync, second: Sync): Column<ComparedRow>[] {
  const [one, other] = titles(first, second);
  const width = 'minmax(0, 0.6fr)';
  return [
    { title: 'Counter', width: 'minmax(0, 2fr)', cell: ({ name }) => name },
    { title: one, align: 'end', width, cell: (row) => count(row.first) },
    { title: other, align: 'end', width, cell: (row) => count(row.second) },
    { title: 'Difference', align: 'end', width, cell: (row) => <Difference of={row.second - row.first} /> },
  ];
}

const Difference = ({ of }: { of: number }) =>
  of === 0 ? <span className="dim">same</span> : <strong>{`${of > 0 ? '+' : '−'}${count(Math.abs(of))}`}</strong>;
