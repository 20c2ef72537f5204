import type { enDiagnosis } from './en-diagnosis.ts';

/** Words of the diagnosis, in Korean. */
export const koDiagnosis: typeof enDiagnosis = {
  diagnosis: '진단',
  runClass: (label) => `클래스 ${label}`,
  runUnknown: '미확인 패턴',
  runIncomplete: '데이터 불완전',
  runUnavailable: '진단 불가',
  runDropped: '진단 생략',
  runNone: '진단 대기 중',
  runFor: (span) => `${span}째`,
  runAt: (time) => `${time} 방전`,
  inRange: '정상 범위 내',
  unsure: '확신도 낮음',
  diagnosisStale: '현재 값 아님',
  severityLow: '경미',
  severityMedium: '주의',
  severityHigh: '경고',
  severityCritical: '위험',
  modelForUnit: (expected, found) => `모델의 단위는 ${expected}, 이 채널의 단위는 ${found}입니다.`,
  modelForRate: (expected, found) => `모델은 초당 ${expected}점용이며, 이 채널은 초당 ${found}점입니다.`,
  diagnosesShown: '표시된 구간의 진단',
  diagnosisSpan: (from, to) => `${from}부터 ${to}까지`,
  nothingDiagnosed: '없음',
};
