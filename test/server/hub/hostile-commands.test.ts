import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Audience } from '../../../server/hub/audience.ts';
import { COMMAND_BYTES } from '../../../server/wire/commands.ts';
import { createAudience } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { runs } from '../../support/runs.ts';
import { trendWindow } from '../../support/trend-windows.ts';

const CLOSE_CODES = [1003, 1007, 1008];

describe('hostile commands', () => {
  // In parts, since fast-check's cases grow with their number.
  it.each(Array.from({ length: runs(1, 200) }, (_, i) => i + 1))(
    'end the viewer that sent them with 1003, 1007 or 1008, and nothing else, part %i',
    () => {
      const clock = new FakeClock();
      const audience = openAudience(clock);
      const witness = new FakeViewer(audience);
      witness.subscribe([{ name: '*' }]);
      let index = 0;
      let viewer = new FakeViewer(audience);

      fc.assert(
        fc.property(message, ({ text, isBinary }) => {
          const { ended } = audience.counters;
          const before = Object.values(ended).reduce((sum, count) => sum + count, 0);
          if (isBinary) viewer.sayBinary(Buffer.from(text));
          else viewer.sayText(text);

          const after = Object.values(ended).reduce((sum, count) => sum + count, 0);
          expect(after - before).toBe(viewer.closeCode === undefined ? 0 : 1);
          if (viewer.closeCode !== undefined) {
            expect(CLOSE_CODES).toContain(viewer.closeCode);
            expect(viewer.lastEvent('error')!.message.length).toBeLessThanOrEqual(300);
            audience.dismiss(viewer.viewer);
            viewer = new FakeViewer(audience);
          }
          clock.advance(10);
          audience.sendTrend(trendWindow({ index: index++ }));
          audience.tick();
          witness.acknowledgeAll();
          expect(witness.ranges(0)).toEqual([[index - 1, index - 1]]); // the window of now, whatever the other said
          witness.forget();
        }),
        { numRuns: 5000 },
      );

      expect(witness.closeCode).toBeUndefined();
      expect(audience.viewers.size).toBe(2);
      expect(audience.feeds).toBeLessThanOrEqual(2);
    },
  );

  it('are refused however deep or long they are', () => {
    const audience = openAudience(new FakeClock());
    const deep = '['.repeat(COMMAND_BYTES / 2) + ']'.repeat(COMMAND_BYTES / 2);
    const nested = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const long = JSON.stringify({ type: 'subscribe', id: 1, channels: Array(20_000).fill(1) });
    const key = JSON.stringify({ ['x'.repeat(60_000)]: 1 });

    for (const text of [deep, nested, long, key, '"'.padEnd(COMMAND_BYTES, 'x'), '9'.repeat(COMMAND_BYTES)]) {
      const viewer = new FakeViewer(audience);
      viewer.sayText(text);
      expect(CLOSE_CODES).toContain(viewer.closeCode);
    }
  });
});

// Commands with one thing wrong or nothing, any JSON, and any text at all.
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(-1, 0, 0.5, 1e308, 2 ** 53, '', '*', 'PMT-1', '__proto__', null, [], {}, true),
);
const request = fc.oneof(
  odd,
  fc.record(
    {
      name: fc.oneof(fc.constantFrom('*', 'PMT-1', 'constructor', '__proto__'), odd),
      rate: odd,
      after: odd,
      lastSeconds: odd,
    },
    { requiredKeys: ['name'] },
  ),
  fc.record(
    {
      name: fc.constantFrom('*', 'PMT-1'),
      rate: fc.constantFrom(0.1, 50, 1000),
      lastSeconds: fc.constantFrom(0, 3600),
    },
    { requiredKeys: ['name'] },
  ),
);
const bound = fc.oneof(fc.nat(40), odd);
const fillRequest = fc.record({
  name: fc.oneof(fc.constantFrom('PMT-1', '*'), odd),
  ranges: fc.oneof(fc.array(fc.record({ from: bound, to: bound }), { maxLength: 3 }), odd),
});
const command = fc.oneof(
  fc.record(
    {
      type: fc.constant('subscribe'),
      id: fc.oneof(fc.nat(), odd),
      epoch: fc.oneof(fc.constant('this-life'), odd),
      channels: fc.oneof(fc.array(request, { maxLength: 5 }), odd),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record({
    type: fc.constant('fill'),
    id: fc.nat(),
    channels: fc.oneof(fc.array(fillRequest, { maxLength: 3 }), odd),
  }),
  fc.record({ type: fc.constant('ack'), bytes: fc.oneof(fc.nat(5000), odd) }, { requiredKeys: ['type'] }),
  fc.record({ type: fc.constant('ping'), id: fc.oneof(fc.nat(), odd) }, { requiredKeys: ['type'] }),
  fc.record({ type: odd, id: odd }),
);
const text = fc.oneof(
  { weight: 6, arbitrary: command.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 100 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(command, fc.nat(80), fc.string({ maxLength: 3 })).map(([value, at, noise]) => {
      const json = JSON.stringify(value);
      return json.slice(0, at) + noise + json.slice(at + noise.length);
    }),
  },
);
const message = fc.record({
  text,
  isBinary: fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, fc.constant(true)),
});

function openAudience(clock: FakeClock): Audience {
  const audience = createAudience(clock, 1);
  audience.setChannel(channelInfo('PMT-1'));
  return audience;
}
