import { Counter, Gauge, type Registry } from 'prom-client';
import type { AccessReply } from '../wire/session.ts';

type Read = readonly [name: string, help: string, read: (from: AccessReply) => number];

// biome-ignore format: a table
const TOTALS: readonly Read[] = [
  ['crowded_out_sessions', 'Sessions of operators that ended because there were too many.', (a) => a.crowdedOut],
  ['wrong_secrets', 'Wrong operator secrets.', (a) => a.wrongSecrets],
  ['refused_guesses', 'Operator secrets refused unseen, because too many wrong ones came before.', (a) => a.guessesRefused],
];

/** Adds what is known of who may act, and of the certificate where there is one. */
export function addAccessMetrics(registry: Registry, access: AccessReply): void {
  const to = [registry];
  new Gauge({ name: 'fenestra_access_sessions', help: 'Sessions of operators.', registers: to }).set(access.sessions);
  for (const [name, help, read] of TOTALS) {
    new Counter({ name: `fenestra_access_${name}_total`, help, registers: to }).inc(read(access));
  }
  if (access.certificate === undefined) return;
  new Gauge({
    name: 'fenestra_certificate_expiry_timestamp_seconds',
    help: 'End of the TLS certificate, seconds since 1970 UTC; absent without TLS.',
    registers: to,
  }).set(access.certificate.untilMs / 1000);
}
