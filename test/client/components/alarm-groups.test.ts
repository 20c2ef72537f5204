import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlarmLine, alarmLines } from '../../../client/components/alarm-groups.ts';
import type { AlarmReply } from '../../../server/wire/alarms.ts';
import { alarmOf } from '../../support/alarm-scenes.ts';

const FLOOD = { isFlood: true, firstOut: undefined, open: new Set<string>() };

describe('the lines of a list of alarms', () => {
  it('are one for each alarm while there is no flood', () => {
    const alarms = ['a', 'b', 'c', 'd'].map((channel) => alarmOf('arcing', channel));

    expect(alarmLines(alarms, { ...FLOOD, isFlood: false }).map(({ key }) => key)).toEqual(
      alarms.map(({ tag }) => tag),
    );
  });

  it('are in a flood one for each cause and each channel with three or more, where the first of them would be', () => {
    const alarms = [
      alarmOf('disk', undefined),
      ...['a', 'b', 'c', 'd'].map((channel) => alarmOf('arcing', channel)),
      ...['light-high', 'stale-data', 'other'].map((id) => alarmOf(id, 'e')),
      alarmOf('light-high', 'a'),
    ];

    expect(alarmLines(alarms, FLOOD).map(({ key }) => key)).toEqual([
      'disk',
      'cause arcing',
      'channel e',
      'light-high:a',
    ]);
  });

  it('put the alarm that came first before all, and never fold it', () => {
    const alarms = ['a', 'b', 'c', 'd'].map((channel) => alarmOf('arcing', channel));

    const [first, group] = alarmLines(alarms, { ...FLOOD, firstOut: 'arcing:c' });

    expect(first).toMatchObject({ kind: 'alarm', key: 'arcing:c', isFirstOut: true });
    expect(group).toMatchObject({ kind: 'group', key: 'cause arcing', unacknowledged: 3 });
  });

  it('tell of every alarm once, folded or not, and show it where its group is unfolded', () => {
    fc.assert(
      fc.property(floods, fc.boolean(), (alarms, isOpen) => {
        const firstOut = alarms[0]?.tag;
        const groups = alarmLines(alarms, { ...FLOOD, firstOut }).flatMap(({ kind, key }) =>
          kind === 'group' ? key : [],
        );
        const lines = alarmLines(alarms, { isFlood: true, firstOut, open: new Set(isOpen ? groups : []) });

        expect(lines.flatMap((line) => told(line, isOpen)).sort()).toEqual(alarms.map(({ tag }) => tag).sort());
        if (alarms.length > 0) expect(lines[0]).toMatchObject({ key: firstOut, isFirstOut: true });
      }),
    );
  });
});

const floods = fc
  .uniqueArray(fc.record({ definition: fc.nat(4), channel: fc.nat(6) }), {
    maxLength: 40,
    selector: ({ definition, channel }) => `${definition} ${channel}`,
  })
  .map((all): AlarmReply[] => all.map(({ definition, channel }) => alarmOf(`d${definition}`, `c${channel}`)));

/** Alarms that a line stands for: of an unfolded group its rows do. */
function told(line: AlarmLine, isOpen: boolean): string[] {
  if (line.kind === 'alarm') return [line.key];
  return isOpen ? [] : line.alarms.map(({ tag }) => tag);
}
