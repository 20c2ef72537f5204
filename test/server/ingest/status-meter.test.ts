import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { StatusMeter } from '../../../server/ingest/status-meter.ts';
import { BALANCED } from '../../support/system-source.ts';

const COUNTS = {
  connections: 2,
  bytes: 1000,
  held: 0,
  waiting: 0,
  waits: 0,
  roomBytes: 0,
  guessesRefused: 0,
  withheld: 0,
  sentAgain: 0,
  errors: { SILENT: 1 },
};

it('makes rates of what changed since it was read before', () => {
  let monotonicMs = 0;
  const meter = new StatusMeter({ monotonicMs: () => monotonicMs, nowMs: () => 0 });
  meter.read(COUNTS, [BALANCED]);

  monotonicMs += 2000;
  const status = meter.read({ ...COUNTS, bytes: 5000 }, [{ ...BALANCED, received: BALANCED.received + 300 }]);

  expect(status).toMatchObject({ connections: 2, bytesPerSecond: 2000, samplesPerSecond: 150, errors: { SILENT: 1 } });
});

it('tells how busy its thread is', async () => {
  const meter = new StatusMeter({ monotonicMs: () => performance.now(), nowMs: () => 0 });
  await wait(200);
  const idle = meter.read(COUNTS, []).cpu;

  const startMs = performance.now();
  while (performance.now() - startMs < 200) Math.sqrt(startMs);
  const busy = meter.read(COUNTS, []).cpu;

  expect(busy).toBeGreaterThan(idle);
  expect(busy).toBeLessThanOrEqual(1.01);
});
