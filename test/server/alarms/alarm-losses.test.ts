import { describe, expect, it } from 'vitest';
import { AlarmLosses } from '../../../server/alarms/alarm-losses.ts';
import type { OutputReply } from '../../../server/wire/outputs.ts';

const HOUR_MS = 3_600_000;
const OPS: OutputReply = {
  ...{ name: 'ops', kind: 'webhook', waiting: 0, oldestSeconds: 0, delivered: 0, failed: 0 },
  ...{ refused: 0, givenUp: 0, superseded: 0, dropped: 0, isFailing: false },
};
const NOTHING = { watched: 20_000, refused: 0, journal: { lost: 0 }, outputs: { destinations: [OPS], unstored: 0 } };

describe('what is lost of alarms', () => {
  it('is not told where nothing is', () => {
    expect(new AlarmLosses().tell(NOTHING, 5)).toEqual([]);
  });

  it('tells alarms that nobody watches for while there are any', () => {
    const losses = new AlarmLosses();
    const told = ['3 alarms are not watched for: definitions make 20003, at most 20000 are'];

    expect(losses.tell({ ...NOTHING, refused: 3 }, 0)).toEqual(told);
    expect(losses.tell({ ...NOTHING, refused: 3 }, 9 * HOUR_MS)).toEqual(told);
    expect(losses.tell(NOTHING, 9 * HOUR_MS)).toEqual([]);
  });

  it('tells each loss for an hour after the last of it', () => {
    const losses = new AlarmLosses();
    const destinations = [
      { ...OPS, dropped: 5, givenUp: 2 },
      { ...OPS, name: 'other' },
    ];
    const lost = { ...NOTHING, journal: { lost: 7 }, outputs: { destinations, unstored: 4 } };

    expect(losses.tell(lost, 1000)).toEqual([
      '7 entries of the journal of alarms are lost: too many waited for the disk',
      '4 messages about alarms could not be kept, and may not be delivered',
      '5 messages to webhook ops are dropped: too many waited',
      '2 messages to webhook ops are given up: it refused them',
    ]);
    const more = { ...lost, journal: { lost: 8 } };
    expect(losses.tell(more, HOUR_MS)).toHaveLength(4);
    expect(losses.tell(more, HOUR_MS + 1000)).toEqual([
      '8 entries of the journal of alarms are lost: too many waited for the disk',
    ]);
    expect(losses.tell(more, 2 * HOUR_MS)).toEqual([]);
  });
});
