import { describe, expect, it } from 'vitest';
import { addressKind } from './address-kind.ts';
import { hostName, isNamed, namesAddress, parseOutboundAllow, type OutboundAllow } from './allow.ts';

function allow(text: string): OutboundAllow {
  const parsed = parseOutboundAllow(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

describe('the kind of an address', () => {
  it.each([
    ['8.8.8.8', 'open'],
    ['10.1.2.3', 'open'],
    ['192.168.0.1', 'open'],
    ['100.64.0.1', 'open'],
    ['2001:db8::1', 'open'],
    ['fd12:3456::1', 'open'],
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['64:ff9b::127.0.0.1', 'loopback'],
    ['2002:7f00:1::', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['169.254.0.7', 'link-local'],
    ['fe80::1', 'link-local'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['::a9fe:a9fe', 'link-local'],
    ['64:ff9b::a9fe:a9fe', 'link-local'],
    ['2002:a9fe:a9fe::1', 'link-local'],
    ['fd00:ec2::254', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['::ffff:168.63.129.16', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['::ffff:0.0.0.0', 'unspecified'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'tunnel'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});

describe('SYNCLINE_OUTBOUND_ALLOW', () => {
  it.each([
    ['', /neither a host/],
    ['db.example,', /neither a host/],
    ['https://db.example', /not a network/],
    ['db.example:0', /neither a host/],
    ['db.example:65536', /neither a host/],
    ['db example', /neither a host/],
    ['*.example', /neither a host/],
    ['10.0.0.0/33', /not a network/],
    ['10.0.0/8', /not a network/],
    ['::1/129', /not a network/],
    ['db.example/8', /not a network/],
    ['::ffff:127.0.0.0/104', /write it as a network of IPv4/],
    ['fe80::1%eth0', /neither a host/],
    ['169.254.169.254', /link-local/],
    ['[fe80::1]:80', /link-local/],
    ['169.254.0.0/16', /link-local/],
    ['169.254.169.254/32', /link-local/],
    ['fe80::/10', /link-local/],
    ['0.0.0.0', /unspecified/],
    ['0.0.0.0/8', /unspecified/],
    ['224.0.0.0/4', /multicast/],
    ['fd00:ec2::254', /metadata/],
    ['::ffff:169.254.169.254', /link-local/],
    ['0x7f.1', /neither a host/],
    ['2130706433', /neither a host/],
  ])('%j cannot be used', (text, message) => {
    expect(parseOutboundAllow(text)).toMatch(message);
  });

  it.each([
    ['localhost', 'LOCALHOST.', 389, true],
    ['localhost', 'localhost.example', 389, false],
    ['db.example:5432', 'db.example', 5432, true],
    ['db.example:5432', 'db.example', 5433, false],
    ['bücher.example', 'xn--bcher-kva.example', 443, true],
    ['127.0.0.1', '127.0.0.1', 80, true],
    ['127.0.0.1', '127.0.0.2', 80, false],
    ['127.0.0.1', 'localhost', 80, false],
    ['127.0.0.1', '[::ffff:127.0.0.1]', 80, true],
    ['[::1]:636', '::1', 636, true],
    ['[::1]:636', '[::1]', 389, false],
    ['::1', '0:0::1', 80, true],
    ['127.0.0.0/8', '127.9.9.9', 80, true],
    ['10.0.0.0/8', '10.9.9.9', 80, true],
    ['0.0.0.0/0', '10.9.9.9', 80, true],
    ['0.0.0.0/0', '127.0.0.1', 80, false],
    ['126.0.0.0/7', '127.0.0.1', 80, false],
    ['::/0', '::1', 80, false],
    ['::/0', '127.0.0.1', 80, false],
  ])('%s: is %s at port %i named: %s', (text, host, port, named) => {
    expect(isNamed(allow(text), host, port)).toBe(named);
  });

  it('names addresses by their network, never by the name of a host', () => {
    expect(namesAddress(allow('localhost'), '127.0.0.1', 80)).toBe(false);
    expect(namesAddress(allow('127.0.0.1:80'), '::ffff:127.0.0.1', 80)).toBe(true);
  });
});

describe('a host', () => {
  it.each([
    ['DB.Example.', 'db.example'],
    ['[::1]', '0:0:0:0:0:0:0:1'],
    ['::FFFF:10.0.0.1', '10.0.0.1'],
    ['_ldap.example', '_ldap.example'],
    ['0177.0.0.1', undefined],
    ['fe80::1%lo', undefined],
    ['a b', undefined],
    ['', undefined],
  ])('%j is compared as %j', (host, name) => {
    expect(hostName(host)).toBe(name);
  });
});
