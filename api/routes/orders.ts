import { z } from 'zod';
import { orderStatuses } from '../../domain/provisioning/order.ts';
import { ownerName, targetName } from '../../domain/provisioning/target.ts';
import type { Queryable } from '../../repository/database.ts';
import {
  abandonOrder,
  findOrder,
  listOrders,
  retryOrder,
  type OrderView,
} from '../../repository/provisioning/orders-list.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../pagination.ts';
import { notFound, Problem } from '../problems.ts';
import { route } from '../route.ts';
import { orderSchema } from '../schemas/provisioning.ts';
import { pageOf } from '../schemas/words.ts';
import { nudgeOrders } from '../start-provisioning.ts';

const body = ({ no: _no, key, connector, ...order }: OrderView) => ({
  ...order,
  connector: ownerName(connector),
  key: [key],
});

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function requireOrder(db: Queryable, id: string): Promise<OrderView> {
  const found = uuid.test(id) ? await findOrder(db, id) : undefined;
  if (!found) throw notFound('There is no order with this id. GET /v1/orders lists them.');
  return found;
}

export const listOrdersRoute = route({
  method: 'get',
  path: '/v1/orders',
  tag: 'provisioning',
  summary: 'Orders to targets, newest first',
  query: {
    ...pageQuery,
    connector: z.string().optional(),
    profile: z.string().optional().describe('The app profile type'),
    key: z.string().optional(),
    status: z.enum(orderStatuses).optional(),
    code: z.string().optional().describe('Of the error'),
  },
  answers: { 200: { description: 'A page', schema: pageOf(orderSchema) } },
  problems: [422],
  async handle({ deps: { db }, query: { limit, cursor, connector, ...filter } }) {
    const of = connector === undefined ? {} : { connector: targetName(connector) };
    const found = await listOrders(db, { ...filter, ...of }, readCursor(cursor, rowNumber), limit + 1);
    return { status: 200, body: toPage(found, limit, (last) => last.no, body) };
  },
});

export const getOrderRoute = route({
  method: 'get',
  path: '/v1/orders/{id}',
  tag: 'provisioning',
  summary: 'An order',
  params: { id: z.string() },
  answers: { 200: { description: 'The order', schema: orderSchema } },
  problems: [404],
  async handle({ deps: { db }, params }) {
    return { status: 200, body: body(await requireOrder(db, params.id)) };
  },
});

export const retryOrderRoute = route({
  method: 'post',
  path: '/v1/orders/{id}/retry',
  tag: 'provisioning',
  summary: 'Send an order again at once',
  description:
    'Of an order whose outcome is unknown, the target is asked. What is sent is what is desired now, less what the target has acknowledged.',
  params: { id: z.string() },
  answers: { 202: { description: 'The order, pending', schema: orderSchema } },
  problems: [404, 409, 503],
  async handle({ deps, params }) {
    const order = await requireOrder(deps.db, params.id);
    if (!(await deps.db.transaction((tx) => retryOrder(tx, order.id))))
      throw new Problem(
        'conflict',
        `The order is ${order.status}, or a later order of the same profile was made. Only the last order of a profile that has not succeeded can be sent again.`,
      );
    await nudgeOrders(deps, order.connector);
    return { status: 202, body: body(await requireOrder(deps.db, params.id)) };
  },
});

export const abandonOrderRoute = route({
  method: 'post',
  path: '/v1/orders/{id}/abandon',
  tag: 'provisioning',
  summary: 'Give up an order: it is not sent any more',
  description: 'The profile stays as it is at the target until the next change of it, or a retry.',
  params: { id: z.string() },
  answers: { 200: { description: 'The order, abandoned', schema: orderSchema } },
  problems: [404, 409],
  async handle({ deps: { db }, params }) {
    const order = await requireOrder(db, params.id);
    if (!(await db.transaction((tx) => abandonOrder(tx, order.id))))
      throw new Problem('conflict', `The order is ${order.status}, so it cannot be given up.`);
    return { status: 200, body: body(await requireOrder(db, params.id)) };
  },
});
