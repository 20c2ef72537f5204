import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultFromWords, faultInWords, MODEL_FAULT_CODES } from '../../../server/trend/model-fault.ts';
import { MODEL_FAULT_CODES as TOLD_CODES } from '../../../server/wire/model-fault.ts';

it('is read from its words, whatever its figures', () => {
  const part = fc.stringMatching(/^[\w.:<>{}$^-]+$/);
  const faults = fc.record({
    code: fc.constantFrom(...MODEL_FAULT_CODES),
    found: part,
    expected: part,
    detail: part,
  });
  fc.assert(
    fc.property(faults, (fault) => {
      const words = faultInWords(fault);
      const { code, ...parts } = faultFromWords(words)!;
      expect(code).toBe(fault.code);
      expect(fault).toMatchObject(parts);
      expect(faultInWords({ code, ...parts })).toBe(words);
    }),
  );
});

it('has the parts that its code has', () => {
  expect(faultFromWords('the output probabilities has shape [1, 2]; expected [1, 3]')).toEqual({
    code: 'OUTPUT_SHAPE',
    detail: 'probabilities',
    found: '1, 2',
    expected: '1, 3',
  });
  expect(faultFromWords('its thread has ended')).toEqual({ code: 'THREAD_ENDED' });
});

it('is not guessed from other words', () => {
  for (const words of ['', 'of a runtime', 'well, its thread has ended', 'a probability is ; expected 0 to 1']) {
    expect(faultFromWords(words)).toBeUndefined();
  }
});

it('is not read into what a check has found, of which an input is no output', () => {
  for (const words of [
    'input: trend has shape [1, 5]; expected [batch, 1, 972]',
    'input: trend is not f32',
    'outputs: unknown has shape [1]; expected [batch], with batches of any size',
    'outputs: the probabilities are not f32; outputs: unknown has shape [1]; expected [batch]',
    'runs: a run of zeros: the output unknown has shape [2]; expected [1]',
    'runs: a run of zeros: the output unknown is not f32',
  ]) {
    expect(faultFromWords(words), words).toBeUndefined();
  }
});

it('is told by a code that viewers know', () => {
  expect([...TOLD_CODES]).toEqual(MODEL_FAULT_CODES);
});
