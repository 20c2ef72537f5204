import { describe, expect, it } from 'vitest';
import { decideClass } from '../../../server/model/decide-class.ts';

describe('decideClass', () => {
  it.each<[string, readonly number[], readonly number[], number]>([
    ['the most probable of equal weights', [0.2, 0.5, 0.3], [1, 1, 1], 1],
    ['one that its weight lifts above', [0.7, 0.2, 0.1], [1, 4, 3], 1],
    ['the first of equals', [0.5, 0.25, 0.25], [1, 2, 2], 0],
    ['the first of those that f32 cannot tell apart', [0.3, 0.15], [1, 2.00000001], 0],
    ['the first where nothing is probable', [0, 0], [1, 1], 0],
  ])('tells %s', (_name, probabilities, weights, expected) => {
    expect(decideClass(Float32Array.from(probabilities), weights)).toBe(expected);
  });
});
