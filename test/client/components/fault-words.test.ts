import { describe, expect, it } from 'vitest';
import { faultWords } from '../../../client/components/fault-words.ts';
import { Locale } from '../../../client/locale/locale.ts';
import { faultFromWords } from '../../../server/trend/model-fault.ts';
import { MODEL_FAULT_CODES, type ModelFault } from '../../../server/wire/model-fault.ts';

const en = new Locale('en', 'UTC');
const ko = new Locale('ko', 'UTC');

describe('why a model gave no answer', () => {
  it('is said in Korean, with the figures', () => {
    const koreanOf = (reason: string) => faultWords({ reason, fault: faultFromWords(reason)! }, ko);

    expect(koreanOf('a batch of 3 did not return within 120 ms and was cut off')).toBe(
      '런 3개의 처리가 120\u202fms를 넘겨 중단되었습니다',
    );
    expect(koreanOf('the probabilities add up to 0.500000; expected 1')).toBe('확률의 합이 0.500000입니다(1이어야 함)');
    expect(koreanOf('the output score has shape [2]; expected [2, 3]')).toBe(
      '출력 score의 형상이 [2]입니다([2, 3]이어야 함)',
    );
    expect(koreanOf('its thread has ended: out of memory')).toBe('모델 스레드가 종료되었습니다: out of memory');
  });

  it('is said of every code in both languages, with every part that its words have', () => {
    const parts = { found: '<found>', expected: '<expected>', detail: '<detail>' };
    for (const code of MODEL_FAULT_CODES) {
      const [english, korean] = [en, ko].map((locale) => faultWords({ fault: { code, ...parts } }, locale));
      expect(korean, code).toMatch(/[가-힣]/);
      expect(english, code).not.toMatch(/[가-힣]|undefined/);
      expect(korean!.match(/<\w+>/g)?.sort(), code).toEqual(english!.match(/<\w+>/g)?.sort());
    }
  });

  it('is as it was told where it has no code, or one that this page does not know', () => {
    const fault = { code: 'toString' as ModelFault['code'] };

    expect(faultWords({ fault: { code: 'THREAD_FAILED', detail: 'no\n room\u202e' } }, en)).toBe(
      'its thread has ended: no room',
    );
    expect(faultWords({ reason: 'Non-zero status\u202e of Gemm' }, ko)).toBe('Non-zero status of Gemm');
    expect(faultWords({ reason: 'of a newer server', fault }, ko)).toBe('of a newer server');
  });
});
