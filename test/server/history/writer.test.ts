import { describe, expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindow, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory, readFiles } from '../../support/running-history.ts';

const folder = new Folder();
const info = channelInfo('A');

describe('the writer', () => {
  it('says durable of what a kill at that moment leaves on the disk', async () => {
    const history = await RunningHistory.start(folder.path('history'));
    history.open(info);
    history.send(historyWindows(info, 0, 1234));
    await history.stored(1234);
    await history.copyAsKilled(folder.path('killed'));
    expect(history.mark(info)).toBe(12_340);
    await history.close();

    const { tiers, channels } = await readFiles(folder.path('killed'));
    expect(tiers[0].map(({ window }) => window)).toEqual(Array.from({ length: 1234 }, (_, i) => i));
    expect([...channels.values()]).toEqual([info]);
  });

  it('goes on taking what comes one parcel after the other', async () => {
    const history = await RunningHistory.start(folder.path('history'));
    history.open(info);
    for (let sent = 0; sent < 60; sent += 20) {
      history.send(historyWindows(info, sent, sent + 20));
      await history.stored(sent + 20);
    }
    await history.close();
  });

  it('writes what it is given when it asks in the very next commit', async () => {
    const history = await RunningHistory.start(folder.path('history'));
    let sent = 0;
    const givenAt: number[] = [];
    history.open(info);
    history.onAsk = () => {
      history.send(historyWindows(info, sent, sent + 10));
      givenAt.push(history.history.status().commits);
      sent += 10;
      history.history.take({ kind: 'asked' });
    };
    await expect.poll(() => givenAt.length).toBeGreaterThanOrEqual(5);
    history.onAsk = () => history.history.take({ kind: 'asked' });
    await history.stored(sent);
    expect(givenAt).toEqual(givenAt.map((_, i) => givenAt[0]! + i));
    await history.close();
  });

  it('writes what is there where nobody answers', async () => {
    const history = await RunningHistory.start(folder.path('history'));
    history.onAsk = () => undefined;
    history.open(info);
    history.send(historyWindows(info, 0, 20));
    await history.stored(20);
    await history.close();
  });

  it('keeps no window twice, whoever sends it again', async () => {
    const history = await RunningHistory.start(folder.path('history'));
    history.open(info);
    history.send([...historyWindows(info, 0, 100), ...historyWindows(info, 50, 120)]);
    await history.stored(120);
    await history.close();
    const again = await RunningHistory.start(folder.path('history'));
    expect(again.history.marks).toEqual([expect.objectContaining({ info, nextSample: 1200 })]);
    again.open(info);
    again.send(historyWindows(info, 0, 130));
    await again.stored(10);
    expect(again.history.status().duplicateRows).toBe(120);
    await again.close();

    const { tiers } = await readFiles(folder.path('history'));
    expect(tiers[0].map(({ window }) => window)).toEqual(Array.from({ length: 130 }, (_, i) => i));
  });

  it('puts the whole window in the place of a part of it, and counts its samples once', async () => {
    const history = await RunningHistory.start(folder.path('history'));
    history.open(info);
    history.send([...historyWindows(info, 0, 3), historyWindow(info, 3, [5, 6], { flags: WindowFlag.Partial })]);
    await history.stored(4);
    expect(history.mark(info)).toBe(30);
    history.send([historyWindow(info, 3, [5, 6, 7, -8]), historyWindow(info, 4)]);
    await history.stored(6);
    expect(history.mark(info)).toBe(50);
    await history.close();
    const again = await RunningHistory.start(folder.path('history'));
    again.open(info);
    again.send(historyWindows(info, 5, 10));
    await again.stored(5);
    await again.close();

    const { tiers } = await readFiles(folder.path('history'));
    expect(tiers[0].filter(({ window }) => window === 3)).toEqual([
      expect.objectContaining({ count: 2, windows: 1 }),
      expect.objectContaining({ count: 4, windows: 0, min: -8, max: 7 }),
    ]);
    expect(tiers[1]).toEqual([expect.objectContaining({ window: 0, windows: 10, count: 13, min: -8, max: 9 })]);
  });
});
