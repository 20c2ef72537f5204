import { describe, expect, it } from 'vitest';
import { CONDITION_FIELDS, FIRST_CONDITIONS } from '../../../client/components/definition-fields.ts';
import { pathWords, valueWords } from '../../../client/components/definition-words.ts';
import { Locale } from '../../../client/locale/locale.ts';
import { type ChangedField, DRAFT_FIELDS } from '../../../client/store/definition-draft.ts';

const en = new Locale('en', 'UTC');
const ko = new Locale('ko', 'UTC');

describe('the words of a definition', () => {
  const conditions = Object.values(FIRST_CONDITIONS).flatMap((condition) => Object.keys(condition));
  const fields = Object.values(CONDITION_FIELDS).flatMap((parts) => parts.map(({ key }) => key));
  const within = new Set([...conditions, ...fields, 'above', 'below', 'ofLast.n', 'ofLast.m', 'labels.0']);
  const paths = [
    ...['id', 'inherits', 'channels', 'channels.3', 'title.en', 'action.ko', ...DRAFT_FIELDS],
    ...['capture.beforeSeconds', 'capture.afterSeconds', 'suppress.parent', 'suppress.whileOff'],
    ...[...within].filter((key) => key !== 'bound').map((key) => `condition.${key}`),
  ];

  it.each(paths)('say %s in Korean, without the word of the program', (path) => {
    const words = pathWords(path, ko);

    expect(words).toMatch(/^[가-힣]/);
    expect(words).not.toMatch(/[A-Za-z]/);
    expect(pathWords(path, en)).not.toMatch(/[a-z][A-Z]|\./);
  });

  it.each([
    ['priority', 'critical', '위급'],
    ['latch', true, '예'],
    ['capture', false, '아니요'],
    ['channels', ['pmt-*', 'door'], 'pmt-*, door'],
    ['channels', [], '–'],
    ['inherits', undefined, '–'],
    ['onDelaySeconds', 2.5, '2.5 s'],
    ['title', { en: '<b>High</b>', ko: '높음' }, '영어 <b>High</b> · 한국어 높음'],
    ['capture', { beforeSeconds: 2, afterSeconds: 3 }, '조건 시작 전 2 · 알람 발생 후 3'],
    [
      'condition',
      { kind: 'limit', figure: 'mean', above: 0.1, deadband: 0, ofLast: { n: 3, m: 5 } },
      '값이 한계를 넘음: 값 평균 · 초과 0.1 · 불감대 0 · 최소 윈도 또는 런 수 3 · 최근 개수 중 5',
    ],
    [
      'condition',
      { kind: 'diagnosis', labels: ['arc', 'drift'], confidence: 0.7 },
      '진단: 클래스 arc, drift · 최소 신뢰도 0.7',
    ],
  ] as [ChangedField, unknown, string][])('say of %s that it is %j', (field, value, words) => {
    expect(valueWords(field, value, ko)).toBe(words);
  });
});
