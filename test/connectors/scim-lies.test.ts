import { createGzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Lie } from '../support/lying-proxy.ts';
import { pacer } from './suite-reads.ts';
import {
  adapter,
  answering,
  connection,
  isUsers,
  onUsers,
  proxy,
  readUsers,
  refused,
  reset,
  scim,
  tell,
  token,
} from './scim-service.ts';

describe('a scim service that lies', () => {
  it.each([
    [
      'pages shift each time',
      onUsers({
        body: (body, { before }) => ({
          ...body,
          Resources: (body['Resources'] as { id: string }[]).map((each) => ({
            ...each,
            id: `${each.id}-${String(before)}`,
          })),
        }),
      }),
      'pages-shifted',
    ],
    [
      'pages repeat, whatever is asked for',
      onUsers({
        query: (query) => {
          query.set('startIndex', '1');
        },
      }),
      'pages-shifted',
    ],
    ['the total is too large', onUsers({ body: (body) => ({ ...body, totalResults: 9 }) }), 'count-mismatch'],
    ['the total is too small', onUsers({ body: (body) => ({ ...body, totalResults: 6 }) }), 'count-mismatch'],
    [
      'the total changes from page to page',
      onUsers({ body: (body, { before }) => ({ ...body, totalResults: 8 + (before % 2) }) }),
      'count-mismatch',
    ],
    [
      'indexes begin at 0',
      onUsers({
        query: (query) => {
          query.set('startIndex', String(Number(query.get('startIndex')) + 1));
        },
      }),
      'count-mismatch',
    ],
    ['there is no total', onUsers({ body: ({ totalResults: _total, ...body }) => body }), 'bad-body'],
    ['entries have no id', onUsers({ body: (body) => ({ ...body, Resources: [{}] }) }), 'bad-body'],
    ['there is no list', onUsers({ body: () => ({ hello: 1 }) }), 'bad-body'],
    [
      'an error comes with status 200',
      onUsers({
        body: () => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '500', detail: 'canary' }),
      }),
      'bad-body',
    ],
    [
      'a login page comes with status 200',
      answering(200, '<html>canary</html>', { 'content-type': 'text/html' }),
      'bad-body',
    ],
    ['the body is no JSON', answering(200, '{"totalResults": 8, canary', {}), 'bad-body'],
    ['the body is no UTF-8', answering(200, Buffer.from([0x22, 0xff, 0x22]), {}), 'bad-body'],
    ['the body is empty', answering(200, '', {}), 'bad-body'],
    ['there is no such table', answering(404, '{}', {}), 'missing-table'],
    ['the server fails', answering(500, '{}', {}), 'connection'],
    ['the rights are gone', answering(403, '{}', {}), 'credentials'],
    ['the rights go in the middle', refusingFromSecond(403), 'credentials'],
    ['the token ends in the middle', refusingFromSecond(401), 'credentials'],
    ['the body is larger than the limit', answering(200, JSON.stringify('x'.repeat(300_000)), {}), 'too-large'],
    [
      'it sends the reader elsewhere',
      answering(302, '', { location: 'http://127.0.0.1:1/canary' }),
      'outbound-refused',
    ],
    [
      'it sends the reader to metadata',
      answering(307, '', { location: 'http://169.254.169.254/latest' }),
      'outbound-refused',
    ],
    ['it redirects without an end', answering(302, '', { location: '/scim/v2/Users' }), 'bad-body'],
    ['it is silent', onUsers({ answer: () => true }), 'connection'],
    [
      'it is silent in the body',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' }).write('{"totalResults": 8');
          return true;
        },
      }),
      'connection',
    ],
    [
      'it sends a byte from time to time',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const timer = setInterval(() => response.write(' '), 100);
          response.once('close', () => {
            clearInterval(timer);
          });
          return true;
        },
      }),
      'connection',
    ],
    [
      'it breaks off in the body',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('{"totalResults": 8');
          setTimeout(() => response.destroy(), 10);
          return true;
        },
      }),
      'connection',
    ],
    [
      'it packs a bomb',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' });
          const zip = createGzip();
          zip.pipe(response);
          zip.end(Buffer.alloc(20 << 20));
          return true;
        },
      }),
      'too-large',
    ],
    [
      'what it packs is damaged',
      answering(200, Buffer.from('1f8b08000000000000ffabcd', 'hex'), { 'content-encoding': 'gzip' }),
      'bad-body',
    ],
  ] as [string, Lie, string][])('fails if %s', async (_, lie, code) => {
    expect(await refused(lie)).toBe(code);
  });

  it('is asked again in the middle of a page that was lost', async () => {
    reset();
    tell(
      onUsers({
        answer: ({ before }, response) => {
          if (before % 2 === 1) response.destroy();
          return before % 2 === 1;
        },
      }),
    );
    const { rows, end } = await readUsers();
    expect([rows.length, end?.certificate]).toEqual([8, { certified: true }]);
  });

  it('whose list moves once is read again, and each entry comes once', async () => {
    reset();
    tell(
      onUsers({
        query: (_, { before }) => {
          if (before === 1) scim.users.delete('u0');
        },
      }),
    );
    const { rows, end } = await readUsers();
    expect(rows.map((row) => row['id']).sort()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7']);
    expect(end?.certificate).toEqual({ certified: true });
  });

  it('gets the token at its own origin only, also by a redirect there', async () => {
    reset();
    tell(
      onUsers({
        answer: ({ url, before }, response) => {
          if (before > 0) return false;
          response.writeHead(308, { location: `${url.pathname}${url.search}` }).end();
          return true;
        },
      }),
    );
    expect((await readUsers()).rows.length).toBe(8);
    expect(new Set(proxy.asked.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${token}`]));
  });
});

describe('a scim service that is busy', () => {
  const busy = (headers: Record<string, string>, times = 1): Lie =>
    onUsers({
      answer: ({ before }, response) => {
        if (before >= times) return false;
        response.writeHead(429, headers).end();
        return true;
      },
    });

  it.each([
    ['seconds', { 'retry-after': '7' }, [7]],
    ['a date', { date: 'Tue, 01 Dec 2026 07:00:00 GMT', 'retry-after': 'Tue, 01 Dec 2026 07:00:20 GMT' }, [20]],
    ['nothing', {}, [undefined, undefined, undefined]],
  ] as [string, Record<string, string>, (number | undefined)[]][])('is waited for: %s', async (_, headers, waits) => {
    reset();
    tell(busy(headers, waits.length));
    const { keeps, asked } = pacer();
    const { rows, end } = await readUsers({ pacer: keeps });
    expect([rows.length, end?.certificate]).toEqual([8, { certified: true }]);
    expect(asked.busy).toEqual(waits);
  });
});

describe('cursors of scim', () => {
  /** Gives the list of the server by cursors. */
  const cursors = (change: (answer: Record<string, unknown>, asked: number) => unknown = (answer) => answer): Lie =>
    onUsers({
      query: (query) => {
        const cursor = query.get('cursor');
        query.set('startIndex', cursor ? cursor.slice(1) : '1');
        query.delete('cursor');
      },
      body: (body, { url, before }) => {
        const at = Number((url.searchParams.get('cursor') || 'c1').slice(1)) + 3;
        const total = body['totalResults'] as number;
        const { totalResults: _total, startIndex: _start, ...rest } = body;
        return change({ ...rest, ...(at <= total ? { nextCursor: `c${String(at)}` } : {}) }, before);
      },
    });

  it('are followed to the page without one, which proves the end', async () => {
    reset();
    tell(cursors());
    const { rows, end } = await readUsers({}, { paging: 'cursor' });
    expect(rows.length).toBe(8);
    expect(end?.certificate).toMatchObject({ certified: true, code: 'no-total' });
    expect(proxy.asked.filter(({ url }) => isUsers(url)).map(({ url }) => url.searchParams.get('cursor'))).toEqual([
      '',
      'c4',
      'c7',
    ]);
    const told = await adapter.test(connection({ paging: 'cursor' }));
    expect(told).toMatchObject({ ok: true, message: expect.stringMatching(/\bUsers\b/) as string });
    expect(told.tables?.map(({ table }) => table)).not.toContain('Users');
  });

  it('are used by themselves where the service has nothing else', async () => {
    reset();
    const lie = cursors();
    tell({
      ...lie,
      body: (body, passing) =>
        passing.url.pathname.endsWith('/ServiceProviderConfig')
          ? { ...body, pagination: { cursor: true, index: false } }
          : lie.body?.(body, passing),
    });
    expect((await readUsers()).rows.length).toBe(8);
  });

  it('that come again fail', async () => {
    expect(
      await refused(
        cursors((answer) => ({ ...answer, nextCursor: 'c4' })),
        { paging: 'cursor' },
      ),
    ).toBe('pages-shifted');
  });

  it('that are ignored fail, since the total is larger', async () => {
    const ignoring = onUsers({
      query: (query) => {
        query.delete('cursor');
        query.set('startIndex', '1');
      },
    });
    expect(await refused(ignoring, { paging: 'cursor' })).toBe('count-mismatch');
  });

  it('that expire begin the list again', async () => {
    reset();
    const lie = cursors();
    let expired = 0;
    tell({
      ...lie,
      answer: ({ url }, response) => {
        if (url.searchParams.get('cursor') !== 'c7' || expired++ > 0) return false;
        response.writeHead(400, { 'content-type': 'application/scim+json' });
        response.end(
          '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"expiredCursor"}',
        );
        return true;
      },
    });
    const { rows, end } = await readUsers({}, { paging: 'cursor' });
    expect(rows.map((row) => row['id']).sort()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7']);
    expect(end?.certificate).toMatchObject({ certified: true, code: 'no-total' });
  });
});

/** The second page and those behind it are refused. */
function refusingFromSecond(status: number): Lie {
  return onUsers({
    answer: ({ url }, response) => {
      if (['1', null].includes(url.searchParams.get('startIndex'))) return false;
      response.writeHead(status).end('{}');
      return true;
    },
  });
}
