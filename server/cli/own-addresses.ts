import { networkInterfaces } from 'node:os';

/** Addresses by which others on the network reach this machine, IPv4 first. Those that begin with fe80 hold on one cable only and are left out. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list = []) => list)
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address)
    .sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
}

/** As an address stands before a port. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
