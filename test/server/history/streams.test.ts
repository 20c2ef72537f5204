import { describe, expect, it } from 'vitest';
import { Streams } from '../../../server/history/streams.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory } from '../../support/running-history.ts';

const folder = new Folder();

describe('streams', () => {
  it('that have ended are let go of, and asked of the catalogue when they come again', async () => {
    const asked: string[] = [];
    const streams = new Streams({
      merge: ([part]) => part!,
      emit: () => undefined,
      lastId: 0,
      find: async (_channel, stream) => {
        asked.push(stream);
        return undefined;
      },
    });
    for (const name of ['one', 'two', 'three']) await streams.open(0, channelInfo('A', name));

    streams.forget(() => true);

    expect([...streams.all()].map(({ info }) => info.stream)).toEqual(['three']);
    await streams.open(0, channelInfo('A', 'one'));
    await streams.open(0, channelInfo('A', 'three'));
    expect(asked).toEqual(['one', 'two', 'three', 'one']);
  });

  it('that are sealed and let go of keep none of their windows twice', async () => {
    const run = await RunningHistory.start(folder.path('history'));
    const old = channelInfo('A', 'old');
    run.open(old);
    run.send(historyWindows(old, 0, 50));
    await run.stored(50);
    run.open(channelInfo('A', 'new'));
    await run.rollOver();
    await expect.poll(() => run.isSealed(1)).toBe(true);

    run.open(old);
    run.send(historyWindows(old, 0, 60));

    await run.stored(60);
    expect(run.history.status().duplicateRows).toBe(50);
    await run.close();
  });
});
