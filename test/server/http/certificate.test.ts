import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../server/base/log.ts';
import type { CertificateFiles } from '../../../server/cli/make-certificate.ts';
import { Certificate } from '../../../server/http/certificate.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { testCertificate } from '../../support/test-certificate.ts';

const DAY_MS = 86_400_000;

const folder = new Folder();
const lines: string[] = [];
const log = createLog('test', 'info', { write: (line) => void lines.push(line) });
let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
  lines.length = 0;
});

describe('the certificate', () => {
  it('is told with its names and its end', async () => {
    write(made(100));
    const certificate = await open();

    expect(certificate.status()).toEqual({
      names: ['127.0.0.1', 'localhost'],
      untilMs: clock.nowMs() + 100 * DAY_MS,
      daysLeft: 100,
    });
    expect(certificate.problems()).toEqual([]);
    expect(certificate.context).toMatchObject({ minVersion: 'TLSv1.2' });
  });

  it('is a problem from 14 days before its end on', async () => {
    write(made(100));
    const certificate = await open();

    clock.advance(86 * DAY_MS);
    expect(certificate.problems()).toEqual([]);
    clock.advance(1);
    expect(certificate.problems()).toEqual(['the TLS certificate expires in 13 days']);
    clock.advance(14 * DAY_MS);
    expect(certificate.problems()).toEqual(['the TLS certificate has expired: browsers refuse this server']);
    expect(certificate.status().daysLeft).toBe(-1);
  });

  it('gives way to another one', async () => {
    write(made(1));
    const certificate = await open();
    write(made(50));

    await certificate.reload();

    expect(certificate.status().daysLeft).toBe(50);
    expect(lines.join()).toContain('is another one');
    lines.length = 0;
    await certificate.reload();
    expect(lines).toEqual([]); // nothing has changed
  });

  it.each<[string, (files: CertificateFiles) => void]>([
    ['a certificate that is cut', ({ certificate }) => folder.write('server.crt', certificate.slice(0, 300))],
    ['a certificate that is empty', () => folder.write('server.crt', '')],
    ['the key of another one', () => folder.write('server.key', made(5).key)],
    ['a key that is none', () => folder.write('server.key', 'key')],
    ['no key', () => rmSync(folder.path('server.key'))],
    ['no certificate', () => rmSync(folder.path('server.crt'))],
  ])('stays where %s comes, which is said once, and goes on where that is mended', async (_name, spoil) => {
    write(made(100));
    const certificate = await open();
    const files = made(50);
    write(files);
    spoil(files);

    await certificate.reload();
    await certificate.reload();

    expect(certificate.status().daysLeft).toBe(100);
    expect(certificate.status().problem).toBeTruthy();
    expect(certificate.problems()).toEqual([expect.stringContaining('the TLS certificate was not replaced: ')]);
    expect(lines).toHaveLength(1);
    write(files);
    await certificate.reload();
    expect([certificate.status().daysLeft, certificate.problems()]).toEqual([50, []]);
  });

  it('must be there at the start', async () => {
    await expect(open()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/server\.tls_certificate, server\.tls_key: ENOENT/),
    });
    write({ ...made(1), key: made(1).key });
    await expect(open()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

function made(days: number): CertificateFiles {
  return testCertificate({ nowMs: clock.nowMs(), days });
}

function write({ certificate, key }: CertificateFiles): void {
  folder.write('server.crt', certificate);
  folder.write('server.key', key);
}

function open(): Promise<Certificate> {
  return Certificate.open({ certificate: folder.path('server.crt'), key: folder.path('server.key'), clock, log });
}
