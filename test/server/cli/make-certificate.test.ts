import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../server/cli/make-certificate.ts';
import { Folder } from '../../support/folder.ts';
import { hasTool } from '../../support/tools.ts';

const FROM_MS = Date.UTC(2026, 10, 23, 1, 2, 3);
const UNTIL_MS = Date.UTC(2050, 0, 1);
const HOSTS = ['plant.example', '*.hall.example', '10.0.0.7', '2001:db8::7'];

const folder = new Folder();
const made = makeCertificate({ hosts: HOSTS, authority: 'Fenestra 한국', fromMs: FROM_MS, untilMs: UNTIL_MS });

describe('a certificate', () => {
  const own = new X509Certificate(made.certificate);
  const above = new X509Certificate(made.authority);

  it('is one of its authority, which is its own', () => {
    expect([own.verify(above.publicKey), own.checkIssued(above), above.verify(above.publicKey)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([above.ca, own.ca, above.subject]).toEqual([true, false, 'CN=Fenestra 한국']);
    expect(own.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
    expect(above.checkPrivateKey(createPrivateKey(made.key))).toBe(false); // that one is forgotten
  });

  it('is of its names and addresses, for the time it was asked for', () => {
    expect(['plant.example', 'a.hall.example'].map((name) => own.checkHost(name))).toEqual([
      'plant.example',
      '*.hall.example',
    ]);
    expect(['10.0.0.7', '2001:db8::7'].map((address) => own.checkIP(address))).toEqual(['10.0.0.7', '2001:db8::7']);
    expect([own.checkHost('other.example'), own.checkIP('10.0.0.8')]).toEqual([undefined, undefined]);
    expect([Date.parse(own.validFrom), Date.parse(own.validTo)]).toEqual([FROM_MS, UNTIL_MS]);
    expect(own.serialNumber).not.toBe(above.serialNumber);
  });

  it.skipIf(!hasTool('openssl'))('is one by the strict rules of another program', () => {
    const files = [folder.write('ca.crt', made.authority), folder.write('server.crt', made.certificate)] as const;
    const at = String(FROM_MS / 1000 + 1);
    const rules = ['-x509_strict', '-purpose', 'sslserver', '-attime', at, '-verify_hostname', 'plant.example'];

    expect(execFileSync('openssl', ['verify', ...rules, '-CAfile', ...files], { encoding: 'utf8' })).toContain('OK');
  });

  it('is made of any names, and another program reads them', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(
        fc.array(host, { minLength: 1, maxLength: 40 }),
        fc.string({ unit: 'grapheme' }),
        (hosts, authority) => {
          const { certificate } = makeCertificate({ hosts, authority, fromMs: FROM_MS, untilMs: UNTIL_MS });

          expect(new X509Certificate(certificate).subjectAltName!.split(', ')).toHaveLength(hosts.length);
        },
      ),
      { numRuns: 3 },
    );
  });
});
