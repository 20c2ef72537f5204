import { describe, expect, it } from 'vitest';
import { Config } from '../../../server/config.ts';
import { plainHttpWarning, requireSecret } from '../../../server/http/secret-gate.ts';

describe('a server', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])(
    'on %s needs no secret',
    (host) => {
      expect(() => requireSecret({ host, operator_secret: '' })).not.toThrow();
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
    expect(() => requireSecret({ host, operator_secret: '' })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/operator_secret.*\n.*node -p/),
      }),
    );
    expect(() => requireSecret({ host, operator_secret: 'a long secret' })).not.toThrow();
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
