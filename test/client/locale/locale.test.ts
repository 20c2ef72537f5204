import { describe, expect, it } from 'vitest';
import { chooseLanguage, Locale, NO_FIGURE } from '../../../client/locale/locale.ts';
import { TEXTS } from '../../../client/locale/texts.ts';

const en = new Locale('en', 'Asia/Seoul');
const ko = new Locale('ko', 'Asia/Seoul');

describe('figures', () => {
  it.each([
    ['a value', en.fixed(0.11449, 4), '0.1145'],
    ['trailing zeros', en.fixed(0.1, 4), '0.1000'],
    ['a minus', en.fixed(-1.5, 1), '\u22121.5'],
    ['no minus on a rounded zero', en.fixed(-0.00001, 2), '0.00'],
    ['no number', en.fixed(NaN, 2), NO_FIGURE],
    ['infinity', en.fixed(-Infinity, 2), NO_FIGURE],
    ['nothing yet', en.count(undefined), NO_FIGURE],
    ['thousands', en.count(17_280_000), '17,280,000'],
    ['a share', en.percent(0.314), '31\u202f%'],
    ['a seldom one', en.percent(0.0004), '< 1\u202f%'],
    ['none', en.percent(0), '0\u202f%'],
    ['bytes', en.bytes(46_000_000), '46.0\u202fMB'],
    ['few bytes', en.bytes(7), '7\u202fB'],
    ['a rate', en.large(10_000_000, 'S/s'), '10.0\u202fMS/s'],
    ['a slow rate', en.large(50, 'S/s'), '50\u202fS/s'],
    ['a sample every ten seconds', en.large(0.1, 'S/s'), '0.1\u202fS/s'],
    ['a delay', en.delay(38.4), '38\u202fms'],
    ['a long delay', en.delay(3000), '3\u202fs'],
    ['a minute and more', en.span(61_000), '1\u202fmin 1\u202fs'],
    ['hours', en.span(7_500_000), '2\u202fh 5\u202fmin'],
    ['a span in Korean', ko.span(7_500_000), '2시간 5분'],
    ['a window', en.window(30_000), '30 s'],
    ['a window in Korean', ko.window(300_000), '5분'],
  ])('writes %s', (_, written, expected) => {
    expect(written).toBe(expected);
  });

  it("tells the time of the site's zone, not of the machine", () => {
    expect(en.time(Date.UTC(2026, 0, 2, 15, 7, 32))).toBe('00:07:32');
    expect(ko.moment(Date.UTC(2026, 0, 2, 15, 7, 32))).toContain('1월 3일');
    expect(en.zone(0)).toBe('GMT+9');
  });
});

describe('languages', () => {
  it.each([
    [['ko-KR', 'en'], 'ko'],
    [['de-DE', 'ko'], 'ko'],
    [['en-GB'], 'en'],
    [['kok-IN'], 'en'],
    [[], 'en'],
  ])('chooses for %j %s', (preferred, language) => {
    expect(chooseLanguage(preferred)).toBe(language);
  });

  it('leaves nothing untranslated that is a sentence', () => {
    const sentences = Object.entries(TEXTS.en).filter(([, words]) => typeof words === 'string' && words.includes(' '));

    const same = sentences.filter(([key, words]) => TEXTS.ko[key as keyof typeof TEXTS.ko] === words);

    expect(same).toEqual([]);
  });
});
