import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, type LookupFunction } from 'node:net';

// What is not of the public Internet: IANA's special-purpose registries of IPv4 and IPv6.
const IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
];
const IPV6 = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2002::/16',
  'fc00::/6',
  'ff00::/8',
];

const PRIVATE = new BlockList();
for (const [family, nets] of [['ipv4', IPV4] as const, ['ipv6', IPV6] as const]) {
  for (const net of nets) {
    const [address = '', prefix] = net.split('/');
    PRIVATE.addSubnet(address, Number(prefix), family);
  }
}

/** `dns.lookup` that fails where a name stands for an address that is not of the public Internet. */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '');
    const inside = found.find((one) => !isPublic(one));
    if (inside !== undefined) {
      return done(new Error(`the push service ${host} is at ${inside.address}, expected a public address`), '');
    }
    if (options.all === true) return done(null, found);
    const [first] = found as [LookupAddress];
    done(null, first.address, first.family);
  });
};

function isPublic({ address, family }: LookupAddress): boolean {
  return !PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
