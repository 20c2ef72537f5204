import { describe, expect, it } from 'vitest';
import { type AccessRules, isAllowedHost, isAllowedOrigin } from '../../../server/base/origin.ts';
import { foreignOrigins } from '../../support/foreign-origins.ts';

const rules: AccessRules = {
  host: '127.0.0.1',
  allowedHosts: ['wall.example', 'Plant.example:8443'],
  allowedOrigins: ['https://portal.example', 'http://panel.example:3000/'],
  isSecure: false,
};
const loopback = { localAddress: '127.0.0.1', localPort: 8080 };

describe('host', () => {
  it.each([
    '127.0.0.1:8080',
    'localhost:8080',
    'LOCALHOST:8080',
    '[::1]:8080',
    'wall.example',
    'wall.example:80',
    'plant.example:8443',
  ])('allows %s on loopback', (host) => {
    expect(isAllowedHost(host, loopback, rules)).toBe(true);
  });

  it.each([
    undefined,
    '',
    ':8080',
    'localhost',
    'localhost:80',
    'localhost:8081',
    'localhost:08080x',
    'localhost.:8080',
    'localhost.evil.example:8080',
    'evil.example:8080',
    '127.0.0.1.nip.example:8080',
    '127.0.0.2:8080',
    '127.1:8080',
    '2130706433:8080',
    '0.0.0.0:8080',
    '[::]:8080',
    '[::ffff:127.0.0.1]:8080',
    'plant.example',
    'plant.example:8080',
    'xwall.example',
    'wall.example.evil.example',
    'wall.example, evil.example',
    'wall.example@evil.example',
    'localhost:8080/path',
    'localhost:8080 ',
  ])('refuses %s on loopback', (host) => {
    expect(isAllowedHost(host, loopback, rules)).toBe(false);
  });

  it('allows the address it was connected to, and no localhost there', () => {
    const lan = { localAddress: '::ffff:192.0.2.7', localPort: 8080 };
    const open = { ...rules, host: '0.0.0.0' };

    expect(isAllowedHost('192.0.2.7:8080', lan, open)).toBe(true);
    expect(isAllowedHost('localhost:8080', lan, open)).toBe(false);
    expect(isAllowedHost('192.0.2.8:8080', lan, open)).toBe(false);
  });

  it('takes port 80 where the header names none', () => {
    expect(isAllowedHost('127.0.0.1', { ...loopback, localPort: 80 }, rules)).toBe(true);
  });

  it('knows nothing of a connection that is gone', () => {
    expect(isAllowedHost('127.0.0.1', {}, rules)).toBe(false);
  });
});

describe('origin', () => {
  it.each([
    [undefined, '127.0.0.1:8080'], // a program, not a page
    ['http://127.0.0.1:8080', '127.0.0.1:8080'],
    ['http://localhost:8080', 'LOCALHOST:8080'],
    ['http://[::1]:8080', '[::1]:8080'],
    ['https://wall.example', 'wall.example'], // behind a proxy that ends TLS
    ['http://wall.example', 'wall.example:80'],
    ['https://portal.example', '127.0.0.1:8080'],
    ['http://panel.example:3000', '127.0.0.1:8080'],
  ])('allows a page of %s at %s', (origin, host) => {
    expect(isAllowedOrigin(origin, host, rules)).toBe(true);
  });

  it('is that of https alone, and of port 443 where none is named, where the server speaks TLS', () => {
    const secure = { ...rules, isSecure: true };

    expect(isAllowedOrigin('https://127.0.0.1:8080', '127.0.0.1:8080', secure)).toBe(true);
    expect(isAllowedOrigin('http://127.0.0.1:8080', '127.0.0.1:8080', secure)).toBe(false);
    expect(isAllowedOrigin('http://panel.example:3000', '127.0.0.1:8080', secure)).toBe(true); // the settings say so
    const local = (localPort: number) => ({ localAddress: '127.0.0.1', localPort });
    expect(isAllowedHost('localhost', local(443), secure)).toBe(true);
    expect(isAllowedHost('localhost', local(80), secure)).toBe(false);
    expect(isAllowedHost('localhost', local(443), rules)).toBe(false);
  });

  it.each(foreignOrigins(8080))('refuses a page of %s', (origin) => {
    expect(isAllowedOrigin(origin, '127.0.0.1:8080', rules)).toBe(false);
  });
});
