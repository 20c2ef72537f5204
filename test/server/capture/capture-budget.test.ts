import { expect, it } from 'vitest';
import { CapturedRings, EMPTY_STORE } from '../../support/captured-rings.ts';

it('gives the budget of the hour back for what is released, and for that alone', async () => {
  const rings = await CapturedRings.open({ capture: { per_hour: 3, bytes_per_hour: 1 << 20 } });
  const samples = new Uint8Array(1_000_000);
  rings.stream('a').write(samples, 0, samples.length, 0);
  const span = { kind: 'around', beforeSeconds: 100, afterSeconds: 0 } as const; // 200,000 bytes
  const hold = () => rings.control.hold({ channel: 'a', cause: { kind: 'alarm', text: '' }, span });
  for (let passed = 0; passed < 60; passed++) {
    const { id, state } = hold();
    expect(state).toBe('recording');
    rings.control.turn();
    rings.control.release(id);
    rings.control.release(id); // once is enough
    rings.control.receive({ kind: 'over', id, fill: EMPTY_STORE });
  }
  const confirmed = [hold().id, hold().id];
  for (const id of confirmed) rings.control.confirm(id, { kind: 'alarm', text: '' });
  for (const id of confirmed) rings.control.release(id);
  const last = hold();

  expect(last.state).toBe('recording');
  expect(hold().note).toMatch('3 recordings of this channel for this cause in the last hour, allowed are 3');
  rings.clock.advance(600_000);
  rings.control.turn(); // nobody confirmed the last one
  expect(hold().state).toBe('recording');
  expect(rings.control.status()).toMatchObject({ held: 1, expired: 1 });
});
