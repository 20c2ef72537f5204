import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../../server/notify/back-off.ts';
import { togetherId, toMessage } from '../../../server/notify/message.ts';
import { WHOLE } from '../../support/alarm-definitions.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { alarmMessage } from '../../support/outputs.ts';

const alarm = { tag: 'hot:etch-1', definition: 'hot', priority: 'high', state: 'unacknowledged', hidden: [] } as const;

describe('a message about an alarm', () => {
  it('is whole: texts with the channel filled in, who did it, and what was found when it was raised', () => {
    const entry = alarmEntry({
      event: 'acknowledge',
      state: 'acknowledged',
      version: 2,
      atMs: 5,
      actor: { name: 'Kim', address: '::1' },
    });
    const found = { beganNs: '17', finding: { value: 3 }, raisedMs: 4, clearedMs: 1 };
    const title = { en: '{label} ({channel}) and {label}: $& {other}', ko: '{channel}' };
    const definition = { ...WHOLE, title, timeToRespondSeconds: 60 };

    const message = toMessage(
      { entry, alarm: { ...alarm, occurrence: 1, version: 2, ...found } },
      definition,
      'Etch $1',
    );

    expect(message).toMatchObject({
      by: 'Kim',
      label: 'Etch $1',
      timeToRespondSeconds: 60,
      beganNs: '17',
      finding: { value: 3 },
    });
    expect(message).toMatchObject({ raisedMs: 4, channel: 'etch-1', state: 'acknowledged' });
    expect(message.texts!.en.title).toBe('Etch $1 (etch-1) and Etch $1: $& {other}');
    expect(message.texts!.ko!.title).toBe('etch-1');
    expect(message).not.toHaveProperty('clearedMs'); // of the occurrence before
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  });

  it('of an occurrence that is over has nothing of the one after it', () => {
    const entry = alarmEntry({ event: 'raise', occurrence: 1, atMs: 5, finding: { value: 1 } });
    const later = { ...alarm, occurrence: 2, version: 9, raisedMs: 70, finding: { value: 2 } };

    expect(toMessage({ entry, alarm: later })).toMatchObject({ raisedMs: 5, finding: { value: 1 } });
  });

  it('has one identifier together with others, whatever else they say', () => {
    const [a, b] = [alarmMessage({ version: 1 }), alarmMessage({ version: 2 })];
    const ids = [togetherId([a]), togetherId([b]), togetherId([a, b]), togetherId([{ ...a, comment: 'x' }])];
    expect(new Set(ids).size).toBe(3);
    expect(ids[3]).toBe(ids[0]);
  });
});

describe('back-off', () => {
  it('doubles from a second to five minutes, less up to a half by chance', () => {
    expect([1, 2, 3, 8, 9, 10, 5000].map((tries) => backOffMs(tries, 0))).toEqual([
      1e3, 2e3, 4e3, 128e3, 256e3, 3e5, 3e5,
    ]);
    expect([backOffMs(1, 1), backOffMs(5000, 1)]).toEqual([500, 150_000]);
  });
});
