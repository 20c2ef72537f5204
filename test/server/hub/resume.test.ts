import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAudience } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { numbers, ReturningViewer } from '../../support/returning-viewer.ts';
import { runs } from '../../support/runs.ts';
import { trendWindow } from '../../support/trend-windows.ts';

const BUFFER_SECONDS = 10;
const CHANNELS = ['PMT-1', 'PMT-2'];

describe('a viewer that comes back', () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('feed' as const), windows: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constant('take' as const), frames: fc.integer({ min: 0, max: 6 }) }),
    fc.constant({ kind: 'drop' as const }),
  );

  it.each(['past first', 'present first'] as const)('has every window once: %s', (order) => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), fc.integer({ min: 0, max: 1500 }), (actions, before) => {
        const audience = createAudience(new FakeClock(), BUFFER_SECONDS);
        for (const channel of CHANNELS) audience.setChannel(channelInfo(channel));
        let fed = 0;
        const feed = (windows: number) => {
          for (const end = fed + windows; fed < end; fed++) {
            for (const channel of CHANNELS) audience.sendTrend(trendWindow({ channel, index: fed }));
          }
        };
        feed(before);
        const viewer = new ReturningViewer(audience, order);
        for (const one of actions) {
          if (one.kind === 'feed') feed(one.windows);
          if (one.kind === 'take') viewer.take(one.frames);
          if (one.kind === 'drop') viewer.connect();
          audience.tick();
        }
        do {
          audience.tick();
          viewer.take(Infinity);
        } while (!viewer.isIdle);

        expect(viewer.doubled).toBe(0);
        for (const channel of [0, 1]) {
          const accounted = viewer.accounted(channel);
          // Who never got anything was promised only what there was at its last attempt.
          const first = order === 'past first' ? (accounted[0] ?? fed) : 0;
          expect(accounted).toEqual(numbers(first, fed));
        }
      }),
      { numRuns: runs(100, 2_000) },
    );
  });
});
