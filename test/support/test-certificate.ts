import { type CertificateFiles, makeCertificate } from '../../server/cli/make-certificate.ts';

const DAY_MS = 86_400_000;

/** A certificate of 127.0.0.1 and localhost from `nowMs` on, with what it takes to trust it. */
export function testCertificate({ nowMs = Date.now(), days = 100 } = {}): CertificateFiles {
  const hosts = ['127.0.0.1', 'localhost'];
  return makeCertificate({ hosts, authority: 'Test', fromMs: nowMs - DAY_MS, untilMs: nowMs + days * DAY_MS });
}
