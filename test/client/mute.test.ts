import { describe, expect, it } from 'vitest';
import { endsMute, isMutedUntil, MUTE_MS } from '../../client/mute.ts';
import { alarmOf } from '../support/alarm-scenes.ts';

const NOW_MS = 1_800_000_000_000;
// The server's clock is another one.
const SERVER_MS = NOW_MS - 90_000;

describe('muted sound', () => {
  it.each([
    [0, false],
    [NOW_MS - 1, false],
    [NOW_MS, false],
    [NOW_MS + 1, true],
    [NOW_MS + MUTE_MS, true],
    [NOW_MS + MUTE_MS + 1, false], // the clock was set back
  ])('until %d is %s now', (untilMs, isMuted) => {
    expect(isMutedUntil(untilMs, NOW_MS)).toBe(isMuted);
  });

  it.each([
    ['critical', true],
    ['high', true],
    ['medium', false],
    ['low', false],
  ] as const)('ends by a new alarm of %s priority: %s', (priority, ends) => {
    const alarm = { ...alarmOf('arcing', 'a'), priority, raisedMs: SERVER_MS };

    expect(endsMute([alarm], mutedFor(10_000))).toBe(ends);
    expect(endsMute([], mutedFor(10_000))).toBe(false);
  });

  it('stays over a reload where the alarm had come before, and ends where it came since', () => {
    const alarm = { ...alarmOf('arcing', 'a'), priority: 'critical' as const, raisedMs: SERVER_MS - 60_000 };

    expect(endsMute([alarm], { ...mutedFor(59_000), isFirst: true })).toBe(false);
    expect(endsMute([alarm], { ...mutedFor(61_000), isFirst: true })).toBe(true);
    expect(endsMute([alarm], mutedFor(59_000))).toBe(true); // new to a page that knew all others
  });
});

function mutedFor(ms: number) {
  return { untilMs: NOW_MS - ms + MUTE_MS, nowMs: NOW_MS, serverMs: SERVER_MS, isFirst: false };
}
