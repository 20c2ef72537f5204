import { describe, expect, it } from 'vitest';
import { AlarmAction } from '../../../server/wire/alarm-actions.ts';
import { toPersonName } from '../../../server/wire/session.ts';

describe('what people write', () => {
  it.each([
    ['김민지', '김민지'],
    ['김민지', '김민지'],
    ["O'Neil-Müller 3", "O'Neil-Müller 3"],
    ['민지 😀', '민지 😀'],
    ['👩\u200d🔧', '👩🔧'],
    ['Min\u202eije\u202c', 'Minije'],
    ['\u2066Kim\u2069\u200b', 'Kim'],
    ['\ufeff Kim', 'Kim'],
    ['\u200b\u3164', undefined],
    ['a\u0007b', undefined],
  ])('is a name without what is not seen: %j is %j', (written, name) => {
    expect(toPersonName(written)).toBe(name);
  });

  it.each([
    ['찻잔 🔧 replaced', '찻잔 🔧 replaced'],
    ['ok\u202e txet\u2066', 'ok txet'],
    ['\u200b\u200b', undefined],
  ])('is a comment without it: %j is %j', (comment, kept) => {
    const id = '3f0b7a52-3b0e-4f9c-8a3e-0d5f6f7d8a11';
    const action = { action: 'comment', id, alarms: [{ tag: 'hot:etch-1', occurrence: 1, version: 1 }], comment };
    const { data } = AlarmAction.safeParse(action);

    expect(data?.comment).toBe(kept);
  });
});
