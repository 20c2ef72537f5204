import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../client/components/condition.ts';
import { en as enTexts } from '../../../client/locale/en.ts';
import { enKeys } from '../../../client/locale/en-keys.ts';
import { enPerson } from '../../../client/locale/en-person.ts';
import { ko as koTexts } from '../../../client/locale/ko.ts';
import { koKeys } from '../../../client/locale/ko-keys.ts';
import { koPerson } from '../../../client/locale/ko-person.ts';

const en = { ...enTexts, ...enKeys, ...enPerson };
const ko = { ...koTexts, ...koKeys, ...koPerson };
type Texts = typeof en;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CLIENT = join(ROOT, 'client');

// Found by what is to be said of a channel, not by name.
const CONDITIONS: Readonly<Record<Condition, true>> = {
  waiting: true,
  behind: true,
  stale: true,
  invalid: true,
  above: true,
  below: true,
  nonfinite: true,
  gap: true,
  clipped: true,
  normal: true,
  unjudged: true,
};

const KEYS = Object.keys(en) as (keyof Texts)[];

describe('the words', () => {
  it('are all on some screen', () => {
    const code = sources();

    const unused = KEYS.filter(
      (key) => !(key in CONDITIONS) && !new RegExp(`(?:text|TEXTS\\[\\w+\\])\\.${key}\\b`).test(code),
    );

    expect(unused).toEqual([]);
  });

  it('are the same ones in each language', () => {
    expect(Object.keys(ko).sort()).toEqual([...KEYS].sort());
  });

  it.each([
    ['en', en],
    ['ko', ko],
  ] as const)('say something in %s, with every figure they are given', (_, texts) => {
    const empty = KEYS.filter((key) => written(texts[key]).trim() === '');
    const forgetful = KEYS.filter((key) => {
      const given = figures(texts[key]);
      return given.some((figure) => !written(texts[key]).includes(figure));
    });

    expect(empty).toEqual([]);
    expect(forgetful).toEqual([]);
  });

  it('count one run as one', () => {
    expect(en.leftOutHere('1')).toMatch(/^1 run left out: .* for it,/);
    expect(en.paritySame('1', '0')).toMatch(/ on 1 run,/);
    expect(en.parityDifferent('1', '1', '0')).toMatch(/ 1 of 1 run,/);
    expect(en.parityOfSent('1', '2', '12:00')).toMatch(/^1 of 2 runs sent was compared/);
    expect(en.parityOfSent('2', '2', '12:00')).toMatch(/^2 of 2 runs sent were compared/);
  });

  it('are Korean in Korean, but for what Korean writes in Latin too', () => {
    const latin = KEYS.filter((key) => !/[가-힣]/.test(written(ko[key])));

    expect(latin).toEqual(['of', 'enter']);
  });

  it('have one Korean word for an alarm, also in what the server ships and sends', () => {
    const folders = ['client/locale', 'server/alarms/shipped', 'server/notify'];
    const files = folders.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)));

    const others = files.filter((file) => readFileSync(file, 'utf8').includes('경보'));

    expect(files.length).toBeGreaterThan(50);
    expect(others).toEqual([]);
  });
});

type Text = Texts[keyof Texts];

function written(text: Text): string {
  if (typeof text === 'string') return text;
  if (typeof text === 'object') return Object.values(text).join(' ');
  return (text as (...figures: string[]) => string)(...figures(text));
}

/** One figure for each that the words are made of. */
function figures(text: Text): string[] {
  return typeof text === 'function' ? ['17', '29', '31'].slice(0, text.length) : [];
}

/** The code of the dashboard, without the words themselves. */
function sources(): string {
  return readdirSync(CLIENT, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/locale.(?:en|ko)[^/]*\.ts$/.test(name))
    .map((name) => readFileSync(join(CLIENT, name), 'utf8'))
    .join('\n');
}
