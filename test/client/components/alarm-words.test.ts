import { describe, expect, it } from 'vitest';
import { takeAlarms } from '../../../client/alarm-hearing.ts';
import { alarmWords } from '../../../client/components/alarm-words.ts';
import { AlarmStore } from '../../../client/store/alarms.ts';
import { alarmReply, hiding, toldDefinition } from '../../support/alarm-replies.ts';

describe('the words of an alarm', () => {
  it('are those of its definition in the language of the viewer, with the channel and its label', () => {
    const told = { language: 'en', label: 'Etch 1 · view B' } as const;
    expect(alarmWords(alarmReply(), toldDefinition(), told)).toEqual({
      title: 'Light is high',
      cause: 'The plasma of Etch 1 · view B is brighter than it should be.',
      consequence: 'The wafer overheats.',
      action: 'Reduce the RF power of PMT-1 by 5 %.',
      timeToRespondSeconds: 600,
    });
    expect(alarmWords(alarmReply(), toldDefinition(), { language: 'ko', label: undefined })).toMatchObject({
      title: '빛이 강함',
      cause: 'PMT-1의 플라스마가 너무 밝습니다.',
    });
  });

  it('are the English ones where there are no Korean ones, and the tag where nothing is known', () => {
    const definition = toldDefinition('light-high', { title: { en: 'Light is high' } });
    const told = { language: 'ko', label: undefined } as const;
    expect(alarmWords(alarmReply(), definition, told).title).toBe('Light is high');
    expect(alarmWords(alarmReply(), undefined, told).title).toBe('light-high:PMT-1');
  });

  it('put in what a label says as it is, be it a place itself', () => {
    const told = { language: 'en', label: "{channel} $& <b>'" } as const;
    expect(alarmWords(alarmReply(), toldDefinition(), told).cause).toBe(
      "The plasma of {channel} $& <b>' is brighter than it should be.",
    );
  });
});

describe('what is heard of alarms', () => {
  it('has nothing in it that cannot be seen, or turns round what stands beside it', () => {
    const store = new AlarmStore();
    const evil = 'a\u202eb\nc\u200b';
    const title = { en: '\u200b', ko: '\u200b' };
    const definitions = [toldDefinition('light-high', { title, cause: { en: evil } })];
    takeAlarms(store, { type: 'alarm-definitions', definitions });
    const signed = { by: evil, atMs: 1, comment: evil };
    const alarm = alarmReply({
      finding: { text: evil },
      acknowledged: signed,
      comment: signed,
      hidden: [hiding('shelved', { by: evil, comment: evil })],
    });
    takeAlarms(store, { type: 'alarms', snapshot: 'last', alarms: [alarm] });

    const plain = { by: 'ab c', atMs: 1, comment: 'ab c' };
    expect(store.find(alarm.tag)).toMatchObject({ finding: { text: 'ab c' }, acknowledged: plain, comment: plain });
    expect(store.find(alarm.tag)?.hidden).toMatchObject([{ by: 'ab c', comment: 'ab c' }]);
    expect(store.definition('light-high')).toMatchObject({ title: { en: 'light-high' }, cause: { en: 'ab c' } });
    expect(store.definition('light-high')?.title).not.toHaveProperty('ko');
  });
});
