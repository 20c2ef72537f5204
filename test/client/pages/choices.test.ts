import { describe, expect, it } from 'vitest';
import { readAddress, readChoices } from '../../../client/pages/choices.ts';

describe('the address', () => {
  it.each([
    ['', {}],
    ['?scale=wall&theme=dark&language=ko', { scale: 'wall', theme: 'dark', language: 'ko' }],
    ['?window=10m', { windowMs: 600_000 }],
    ['?window=30s', { windowMs: 30_000 }],
    ['?window=5', { windowMs: 5_000 }],
    ['?window=60', { windowMs: 60_000 }],
    ['?window=7', {}], // no window is that long
    ['?window=-5', {}],
    ['?window=10h', {}],
    ['?window=1e1', {}],
    ['?window=', {}],
    ['?scale=huge&theme=DARK&language=fr', {}],
    ['?hasKeys=false&windowMs=5000', {}], // not said in an address
  ])('%s chooses %j', (query, choices) => {
    expect(readAddress(query)).toEqual(choices);
  });
});

describe('stored choices', () => {
  it('are those that were stored', () => {
    const choices = {
      language: 'en',
      theme: 'light',
      scale: 'desk',
      windowMs: 300_000,
      mutedUntilMs: 7,
      hasKeys: false,
    };

    expect(readChoices(choices)).toEqual(choices);
  });

  it.each([
    null,
    'light',
    7,
    [],
    { theme: 1, windowMs: '60000', hasKeys: 'yes', mutedUntilMs: true },
    { windowMs: 61_000, diagonal: '65', distance: null },
  ])('fall away where they are %j', (found) => {
    expect(readChoices(found)).toEqual({});
  });
});
