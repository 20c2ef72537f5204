import type { enFaults } from './en-faults.ts';

/** Why a model gave no answer, or is not used, in Korean, by the code of the fault. */
export const koFaults: typeof enFaults = {
  PROBABILITY_RANGE: ({ found = '' }) => `확률이 ${found}입니다(0~1이어야 함)`,
  PROBABILITY_SUM: ({ found = '' }) => `확률의 합이 ${found}입니다(1이어야 함)`,
  SCORE_VALUE: ({ found = '' }) => `미확인 점수가 ${found}입니다`,
  BATCH_OVER: ({ found = '', expected = '' }) => `런 ${found}개의 처리가 ${expected}\u202fms를 넘겨 중단되었습니다`,
  BATCH_STALLED: ({ found = '', expected = '' }) =>
    `런 ${found}개의 처리가 ${expected}\u202f초 동안 멈춰 중단되었습니다`,
  OPENING_OVER: ({ expected = '' }) => `그래프가 ${expected}\u202fms 안에 열리지 않아 중단되었습니다`,
  OPENING_STALLED: ({ expected = '' }) => `그래프를 여는 작업이 ${expected}\u202f초 동안 멈춰 중단되었습니다`,
  THREAD_ENDED: () => '모델 스레드가 종료되었습니다',
  THREAD_RESTARTING: () => '모델 스레드가 종료되어 다시 시작하는 중입니다',
  THREAD_FAILED: ({ detail = '' }) => `모델 스레드가 종료되었습니다: ${detail}`,
  VERSION_REPLACED: ({ found = '' }) => `더 이상 쓰지 않는 버전 ${found}용 런입니다`,
  SERVER_STOPPING: () => '서버를 종료하는 중입니다',
  GRAPH_HASH: ({ found = '', expected = '' }) => `그래프의 SHA-256이 ${found}입니다(${expected}이어야 함)`,
  RUNTIME_MISSING: ({ detail = '' }) => `런타임을 가져오지 못했습니다: ${detail}`,
  RUNTIME_OVER: ({ expected = '' }) => `런타임이 ${expected}\u202fms 안에 오지 않았습니다`,
  WORKER_MISSING: () => '스크립트를 가져오지 못했습니다',
  OUTPUT_SHAPE: ({ found = '', expected = '', detail = '' }) =>
    `출력 ${detail}의 형상이 [${found}]입니다([${expected}]이어야 함)`,
  OUTPUT_TYPE: ({ detail = '' }) => `출력 ${detail}이(가) f32가 아닙니다`,
};
