import { describe, expect, it } from 'vitest';
import { Config } from '../../../server/config.ts';
import { plainHttpWarning, requireSecret } from '../../../server/http/secret-gate.ts';

const ALONE = { host: '127.0.0.1', operator_secret: '', allowed_hosts: [], allowed_origins: [], trusted_proxies: [] };

describe('a server', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])(
    'on %s needs no secret',
    (host) => {
      const server = {
        ...ALONE,
        host,
        allowed_hosts: [host],
        allowed_origins: ['http://localhost:5173', 'http://[::1]'],
      };
      expect(() => requireSecret(server)).not.toThrow();
    },
  );

  it.each([
    '0.0.0.0',
    '::',
    '192.168.0.7',
    'fe80::1',
    'plant.example',
    '127.evil.example',
    '127.1',
    'localhost.example',
  ])('on %s needs one, and says how to make it', (host) => {
    expect(() => requireSecret({ ...ALONE, host })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/operator_secret.*\n.*node -p/),
      }),
    );
    expect(() => requireSecret({ ...ALONE, host, operator_secret: 'a long secret' })).not.toThrow();
  });

  it.each([
    ['allowed_hosts', 'wall.example'],
    ['allowed_hosts', 'wall.example:8443'],
    ['allowed_hosts', '127.0.0.1.wall.example'],
    ['allowed_hosts', '192.168.0.7'],
    ['allowed_hosts', '[fe80::1]:80'],
    ['allowed_origins', 'https://wall.example'],
    ['allowed_origins', 'https://localhost.wall.example:8443'],
    ['trusted_proxies', '127.0.0.1'],
  ])('that others reach by way of a proxy, by %s %s, needs one too', (setting, value) => {
    const server = { ...ALONE, [setting]: [value] };
    expect(() => requireSecret(server)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(new RegExp(`operator_secret.*server\\.${setting}.*\\n.*node -p`)),
      }),
    );
    expect(() => requireSecret({ ...server, operator_secret: 'a long secret' })).not.toThrow();
  });

  it.each([
    ['0.0.0.0', '', true],
    ['plant.example', '', true],
    ['0.0.0.0', 'a.pem', false],
    ['127.0.0.1', '', false],
    ['::1', '', false],
  ])('on %s with the certificate "%s" warns of plain HTTP: %s', (host, tls_certificate, warns) => {
    const warning = plainHttpWarning({ host, tls_certificate });

    expect(warning?.includes(`"${host}"`) ?? false).toBe(warns);
  });

  it('takes no secret that is short', () => {
    const parse = (operator_secret: string) => Config.safeParse({ server: { operator_secret } }).success;

    expect(['', 'x'.repeat(12), 'x'.repeat(256)].map(parse)).toEqual([true, true, true]);
    expect(['x', 'x'.repeat(11), 'x'.repeat(257)].map(parse)).toEqual([false, false, false]);
  });
});
