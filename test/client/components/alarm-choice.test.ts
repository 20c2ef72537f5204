import { describe, expect, it } from 'vitest';
import { AlarmChoice } from '../../../client/components/alarm-choice.ts';
import { alarmLines } from '../../../client/components/alarm-groups.ts';
import { alarmOf } from '../../support/alarm-scenes.ts';

const ALARMS = ['a', 'b', 'c', 'd'].map((channel) => alarmOf('arcing', channel));
const LINES = alarmLines(ALARMS, { isFlood: false, firstOut: undefined, open: new Set() });

describe('the choice in a list of alarms', () => {
  it('stays with its alarm wherever that moves', () => {
    const choice = new AlarmChoice();
    choice.move(LINES, 1);
    choice.move(LINES, 1);
    choice.toggle(ALARMS[1]);

    const turned = LINES.toReversed();

    expect(choice.activeLine(turned)?.key).toBe('arcing:b');
    expect(choice.has('arcing:b')).toBe(true);
  });

  it('is nothing where its alarm is gone, and goes on from there', () => {
    const choice = new AlarmChoice();
    choice.activate('arcing:c');
    choice.activeLine(LINES);
    const rest = LINES.filter(({ key }) => key !== 'arcing:c');

    expect(choice.activeLine(rest)).toBeUndefined();
    choice.move(rest, 1);
    expect(choice.activeLine(rest)?.key).toBe('arcing:d');
  });

  it('goes to the last at once', () => {
    const choice = new AlarmChoice();

    choice.move(LINES, Infinity);

    expect(choice.activeLine(LINES)?.key).toBe('arcing:d');
  });

  it('takes a range, and tells each alarm as it was seen: now where it is in view, else when it was selected', () => {
    const choice = new AlarmChoice();
    choice.toggle(ALARMS[0]);
    choice.selectTo(LINES, 'arcing:c');
    const seen = { ...ALARMS[0], occurrence: 7, version: 9 };

    expect(choice.selected([seen])).toEqual([
      { tag: 'arcing:a', occurrence: 7, version: 9 },
      { tag: 'arcing:b', occurrence: 1, version: 1 },
      { tag: 'arcing:c', occurrence: 1, version: 1 },
    ]);
    choice.keep((tag) => tag !== 'arcing:b');
    expect(choice.count).toBe(2);
  });

  it('takes no alarm of a folded group into a range', () => {
    const lines = alarmLines([alarmOf('disk', undefined), ...ALARMS], {
      isFlood: true,
      firstOut: 'disk',
      open: new Set(),
    });
    const choice = new AlarmChoice();

    choice.toggle(alarmOf('disk', undefined));
    choice.selectTo(lines, 'cause arcing');

    expect(choice.selected([]).map(({ tag }) => tag)).toEqual(['disk']);
  });
});
