import { describe, expect, it } from 'vitest';
import { HubChannel } from '../../../server/hub/hub-channel.ts';
import { WindowRing } from '../../../server/hub/window-ring.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { trendWindow } from '../../support/trend-windows.ts';

describe('the pulse of a channel', () => {
  it('has where its newest stream begins, where a model looks at the channel', () => {
    const [plasma, plain] = [{ model: 'plasma' }, {}].map(
      (setting) => new HubChannel(0, channelInfo('PMT-1'), new WindowRing(100), setting),
    );
    const windows = [
      trendWindow({ channel: 'PMT-1', stream: 'a', index: 0, timeNs: 0n }),
      trendWindow({
        channel: 'PMT-1',
        stream: 'b',
        index: 3,
        timeNs: 60_000_000_000n,
        size: 50_000,
        rateHz: 10_000_000,
      }),
    ];
    const begins = windows.map((window) => {
      for (const channel of [plasma!, plain!]) {
        channel.push(window, 0);
        channel.takePulse();
      }
      return [plasma!, plain!].map(({ pulseText }) => JSON.parse(pulseText).streamNs);
    });

    expect(begins).toEqual([
      ['0', undefined],
      ['59985000000', undefined],
    ]);
  });
});
