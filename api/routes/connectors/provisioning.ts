import { z } from 'zod';
import type { ConnectorFile } from '../../../domain/connector-file.ts';
import { keyParts } from '../../../domain/key.ts';
import { dueOf } from '../../../repository/directory/due.ts';
import type { Queryable } from '../../../repository/database.ts';
import { countOrders } from '../../../repository/provisioning/orders-list.ts';
import { pause, pauseOf, unpause } from '../../../repository/provisioning/pause.ts';
import {
  countProfiles,
  findProfile,
  listProfiles,
  profileStates,
  type ProfileView,
} from '../../../repository/provisioning/profiles.ts';
import type { TargetInUse } from '../../../repository/provisioning/targets.ts';
import { briefsOf } from '../../../repository/sync-views.ts';
import { pageQuery, readCursor, toPage } from '../../pagination.ts';
import { notFound } from '../../problems.ts';
import { requireActiveFile, requireConnector, requireTarget } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { profileSchema, provisioningStatusSchema } from '../../schemas/provisioning.ts';
import { pageOf } from '../../schemas/words.ts';
import { nudgeOrders } from '../../start-provisioning.ts';

const kinds = ['user', 'group'] as const;
type Kind = (typeof kinds)[number];

const namesOf = ({ provisioning }: ConnectorFile, kind?: Kind): string[] =>
  (provisioning?.profiles ?? []).filter((each) => kind === undefined || each.kind === kind).map(({ name }) => name);

async function statusOf(db: Queryable, owner: ConnectorFile, target: TargetInUse) {
  const counted = await countProfiles(db, target.id);
  const of = (kind: Kind) => {
    const names = namesOf(target.file, kind);
    const own = counted.filter(({ profile }) => names.includes(profile));
    const sum = (state?: string) =>
      own.filter((each) => state === undefined || each.state === state).reduce((all, { n }) => all + n, 0);
    const byState = Object.fromEntries(profileStates.map((state) => [state, sum(state)]));
    return names.length === 0 ? null : { impacted: sum(), ...byState };
  };
  const { lastSync, runningSync } = await briefsOf(db, target.id);
  const none = { impacted: 0, succeeded: 0, unsynced: 0, partial: 0, failed: 0 };
  return {
    status: target.active ? ('active' as const) : ('inactive' as const),
    direction: owner.entityTypes.length > 0 ? ('both' as const) : ('outbound' as const),
    enabled: target.file.provisioning?.enabled ?? false,
    paused: (await pauseOf(db, target.id)) ?? null,
    users: of('user') ?? none,
    groups: of('group'),
    lastRun: lastSync && { syncId: lastSync.id, status: lastSync.status, at: lastSync.endedAt },
    orders: await countOrders(db, target.id),
    due: await dueOf(db, target.id),
    heldSync: runningSync?.status === 'held' ? runningSync.id : null,
  };
}

export const provisioningRoute = route({
  method: 'get',
  path: '/v1/connectors/{name}/provisioning',
  tag: 'provisioning',
  summary: 'How the provisioning of a target stands',
  params: { name: z.string() },
  answers: { 200: { description: 'Its numbers', schema: provisioningStatusSchema } },
  problems: [404, 409],
  async handle({ deps: { db }, params }) {
    const target = await requireTarget(db, params.name);
    const { file } = await requireActiveFile(db, await requireConnector(db, params.name));
    return { status: 200, body: await statusOf(db, file, target) };
  },
});

export const pauseRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/provisioning/pause',
  tag: 'provisioning',
  summary: 'Send nothing more to a target',
  description: 'Requests that are being sent end. Profiles are computed as before, and their orders wait.',
  params: { name: z.string() },
  body: z.object({ reason: z.string().min(1).max(1000) }),
  answers: { 200: { description: 'Its numbers', schema: provisioningStatusSchema } },
  problems: [404, 409, 422],
  async handle({ deps: { db }, params, body, by }) {
    const target = await requireTarget(db, params.name);
    await pause(db, target.id, by, body.reason);
    const { file } = await requireActiveFile(db, await requireConnector(db, params.name));
    return { status: 200, body: await statusOf(db, file, target) };
  },
});

export const unpauseRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/provisioning/unpause',
  tag: 'provisioning',
  summary: 'Send the orders that wait',
  params: { name: z.string() },
  answers: { 200: { description: 'Its numbers', schema: provisioningStatusSchema } },
  problems: [404, 409, 503],
  async handle({ deps, params }) {
    const target = await requireTarget(deps.db, params.name);
    await unpause(deps.db, target.id);
    await nudgeOrders(deps, target.name);
    const { file } = await requireActiveFile(deps.db, await requireConnector(deps.db, params.name));
    return { status: 200, body: await statusOf(deps.db, file, target) };
  },
});

const shown = ({ key, ...profile }: ProfileView) => ({ ...profile, key: keyParts(key, 1) });

export const profilesRoute = route({
  method: 'get',
  path: '/v1/connectors/{name}/profiles',
  tag: 'provisioning',
  summary: 'The app profiles of a target, and the state of each',
  params: { name: z.string() },
  query: {
    ...pageQuery,
    state: z.enum(profileStates).optional(),
    kind: z.enum(kinds).optional(),
    profile: z.string().optional().describe('The app profile type'),
    q: z.string().min(1).max(200).optional().describe('Part of the label'),
  },
  answers: { 200: { description: 'A page', schema: pageOf(profileSchema) } },
  problems: [404, 409, 422],
  async handle({ deps: { db }, params, query: { limit, cursor, kind, profile, ...filter } }) {
    const target = await requireTarget(db, params.name);
    const profiles = namesOf(target.file, kind).filter((name) => profile === undefined || name === profile);
    const place = readCursor(cursor, z.object({ profile: z.string(), key: z.string() }));
    const found = await listProfiles(db, target.id, { ...filter, profiles }, place, limit + 1);
    const at = (last: ProfileView) => ({ profile: last.profile, key: last.key });
    return { status: 200, body: toPage(found, limit, at, shown) };
  },
});

export const profileRoute = route({
  method: 'get',
  path: '/v1/connectors/{name}/profiles/{profile}/{key}',
  tag: 'provisioning',
  summary: 'An app profile',
  params: { name: z.string(), profile: z.string(), key: z.string() },
  answers: { 200: { description: 'The profile', schema: profileSchema } },
  problems: [404, 409],
  async handle({ deps: { db }, params }) {
    const target = await requireTarget(db, params.name);
    const found = await findProfile(db, target.id, params.profile, params.key);
    if (!found)
      throw notFound(
        `${params.name} has no profile ${params.profile} with this key. GET /v1/connectors/${params.name}/profiles lists them.`,
      );
    return { status: 200, body: shown(found) };
  },
});
