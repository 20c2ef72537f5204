import { systemClock } from '../../server/base/clock.ts';
import { type GateOptions, SecretGate } from '../../server/http/secret-gate.ts';
import { silentLog } from './silent-log.ts';

/** Lets everybody act, unless a `secret` is given; sessions are then kept where `parts` says, else nowhere. */
export function openGate(parts: Partial<GateOptions> = {}): Promise<SecretGate> {
  return SecretGate.open({
    secret: '',
    path: '/dev/null/sessions.json',
    clock: systemClock,
    log: silentLog(),
    ...parts,
  });
}
