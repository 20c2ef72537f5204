import { describe, expect, it } from 'vitest';
import { isOneLine, toOneLine } from '../../../server/model/one-line.ts';

const UNSHOWN = ['\u001b[2J', '\u0000', '\n', '\t', '\u007f', '\u009b31m', '\u2028', '\u202e', '\u2066', '\ud800'];

describe('a text of one line', () => {
  it.each(UNSHOWN)('has nothing that a terminal does more than show: %j', (text) => {
    expect(isOneLine(`a${text}b`)).toBe(false);
    expect(isOneLine(toOneLine(`a${text}b`))).toBe(true);
  });

  it.each(['', '미세 아킹', 'é – µV/√Hz 😀', "it's 5 % | of <b>"])('may be anything else: %j', (text) => {
    expect(isOneLine(text)).toBe(true);
    expect(toOneLine(text)).toBe(text);
  });
});
