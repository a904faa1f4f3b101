import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SyncError } from '../../domain/errors.ts';
import { parseOutboundAllow, type OutboundAllow } from './allow.ts';
import { checkLiteral, findTarget } from './find-target.ts';
import { plainCredentialsGap } from './index.ts';

const allow = (text: string) => parseOutboundAllow(text) as OutboundAllow;
const has =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(
      addresses.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) })),
    );

async function refusal(promise: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SyncError);
  return error as SyncError;
}

describe('a target', () => {
  it('has every address that its name has, looked up once, and the name for TLS', async () => {
    let asked = 0;
    const target = await findTarget([], 'DB.Example.', 636, {
      resolve: () => {
        asked += 1;
        return has('10.0.0.7', 'fd00::7')();
      },
    });
    expect(target).toMatchObject({ host: 'db.example', port: 636, address: '10.0.0.7', servername: 'db.example' });
    const found = await new Promise((done) => {
      target.lookup('anything', { all: true }, (_, addresses) => {
        done(addresses);
      });
    });
    expect(found).toEqual([
      { address: '10.0.0.7', family: 4 },
      { address: 'fd00::7', family: 6 },
    ]);
    expect(asked).toBe(1);
  });

  it('connects to a checked address, whatever a socket is told to connect to', async () => {
    const { lookup } = await findTarget(allow('127.0.0.1'), '127.0.0.1', 9);
    const socket = connect({ host: 'name.invalid', port: 9, lookup });
    const error = await new Promise<NodeJS.ErrnoException>((done) => socket.once('error', done));
    // nothing listens there, and no name server was asked for the name
    expect(error).toMatchObject({ code: 'ECONNREFUSED', address: '127.0.0.1' });
  });

  it('has no name for TLS where an address is written out', async () => {
    expect(await findTarget([], '[fd00::7]', 636)).toMatchObject({
      address: 'fd00:0:0:0:0:0:0:7',
      servername: undefined,
    });
  });

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]'])(
    'on loopback is refused unless it is named: %s',
    async (host) => {
      const error = await refusal(findTarget(allow('0.0.0.0/0'), host, 389));
      expect(error).toMatchObject({ code: 'outbound-refused', retryable: false });
      expect(error.message).toMatch(/Add \S+:389 to SYNCLINE_OUTBOUND_ALLOW/);
      // what the message says is what helps
      const [entry = ''] = /\S+:389/.exec(error.message) ?? [];
      expect(await findTarget(allow(entry), host, 389)).toMatchObject({ port: 389 });
    },
  );

  it('is refused for one bad address among good ones', async () => {
    const resolve = has('10.0.0.7', '169.254.169.254');
    const error = await refusal(findTarget(allow('db.example,0.0.0.0/0'), 'db.example', 80, { resolve }));
    expect(error).toMatchObject({ code: 'outbound-refused' });
    expect(error.message).toContain('db.example has the address 169.254.169.254. It is a link-local address');
  });

  it('on loopback under a name is allowed by the name, or by its addresses', async () => {
    const resolve = has('127.0.0.1', '::1');
    await refusal(findTarget([], 'localhost', 80, { resolve }));
    await refusal(findTarget(allow('127.0.0.1'), 'localhost', 80, { resolve }));
    await refusal(findTarget(allow('localhost:81'), 'localhost', 80, { resolve }));
    for (const text of ['localhost', 'localhost:80', '127.0.0.0/8,::1'])
      expect(await findTarget(allow(text), 'localhost', 80, { resolve })).toMatchObject({ address: '127.0.0.1' });
  });

  it.each(['169.254.169.254', '[fe80::1]', '0.0.0.0', '[::]', '224.0.0.1', '[fd00:ec2::254]', '[2001:0:1::1]'])(
    'is never reached: %s',
    async (host) => {
      expect((await refusal(findTarget(allow('0.0.0.0/0,::/0'), host, 80))).code).toBe('outbound-refused');
    },
  );

  it.each(['0x7f.1', '0177.0.0.1', '2130706433', 'fe80::1%lo', 'a b', ''])(
    'is refused in a form that is no host: %j',
    async (host) => {
      expect((await refusal(findTarget([], host, 80))).code).toBe('outbound-refused');
    },
  );

  it('that has no address says so, and may be tried again', async () => {
    const error = await refusal(findTarget([], 'no-such-host.invalid', 80));
    expect(error).toMatchObject({ code: 'connection', retryable: true });
  });

  it('behind a proxy is judged where its address is written out', () => {
    expect(() => {
      checkLiteral([], 'db.example', 80);
    }).not.toThrow();
    expect(() => {
      checkLiteral([], '169.254.169.254', 80);
    }).toThrow(/link-local/);
    expect(() => {
      checkLiteral([], '127.0.0.1', 80);
    }).toThrow(/SYNCLINE_OUTBOUND_ALLOW/);
  });
});

describe('credentials', () => {
  it.each([
    ['https://hr.example/scim', '', true],
    ['http://hr.example/scim', '', false],
    ['http://hr.example:8080/scim', 'hr.example', true],
    ['http://hr.example:8080/scim', 'hr.example:8081', false],
    ['http://127.0.0.1:8080', '127.0.0.1:8080', true],
    ['http://[::1]/', '::1', true],
  ])('to %s where %j is allowed: %s', (url, text, fine) => {
    expect(plainCredentialsGap(url, text === '' ? [] : allow(text)) === undefined).toBe(fine);
  });
});
