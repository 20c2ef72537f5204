import { afterEach, expect, it, vi } from 'vitest';
import { Segment } from '../../../server/history/segment.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory } from '../../support/running-history.ts';

const INFO = channelInfo('lamp');
const ALWAYS = { fromNs: 0n, toNs: 2n ** 62n };
const STORED = 300;
const WINDOWS = 420;
const folder = new Folder();

afterEach(() => vi.restoreAllMocks());

it.each(['before', 'after'] as const)(
  'windows that are being written are there once, %s the segment has them, and nobody waits for them',
  async (when) => {
    const running = await RunningHistory.start(folder.path(when));
    running.open(INFO);
    running.send(historyWindows(INFO, 0, STORED));
    await running.stored(STORED);
    const { reached, release } = holdWrites(when);

    running.send(historyWindows(INFO, STORED, WINDOWS));
    await reached;
    const answers = [];
    for (const columns of [1000, 200, 40, 3]) {
      answers.push(await running.history.query({ channel: INFO.channel, ...ALWAYS, columns }));
    }
    release();

    const whole = answers.map(({ windows }) => windows.reduce((sum, count) => sum + count, 0));
    expect(whole).toEqual([WINDOWS, WINDOWS, WINDOWS, WINDOWS]);
    expect(answers.map(({ span }) => span)).toEqual([1, 5, 20, 200]);
    await running.stored(WINDOWS);
    await running.close();
  },
);

/** Keeps the next batch from being written, or from being known to be. */
function holdWrites(when: 'before' | 'after') {
  const { write } = Segment.prototype;
  const [held, reached] = [new Gate(), new Gate()];
  vi.spyOn(Segment.prototype, 'write').mockImplementation(async function (this: Segment, batch) {
    if (when === 'after') await write.call(this, batch);
    reached.open();
    await held.opened;
    if (when === 'before') await write.call(this, batch);
  });
  return { reached: reached.opened, release: () => held.open() };
}

class Gate {
  open = () => {};
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}
