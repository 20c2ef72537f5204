import type { enKeys } from './en-keys.ts';

/** Words of the keys, in Korean: part of the table in `ko.ts`. */
export const koKeys: typeof enKeys = {
  keys: '단축키',
  useKeys: '단일 키 단축키 사용(스페이스, 숫자, 문자)',
  keyFreeze: '화면 정지 / 실시간 보기',
  keyWindow: '표시 구간(짧은 순)',
  keyControl: '제어실',
  keyModels: '모델',
  keyJournal: '알람 이력',
  keyFigures: '알람 지표',
  keySystem: '시스템',
  keyTiles: '채널 사이 이동',
  keyOpen: '채널 열기',
  keyNeighbour: '이전 / 다음 채널',
  keyCapture: '원시 샘플 기록: 현재 전후, 또는 표시된 과거 구간',
  keyCaptures: '원시 기록',
  keyHelp: '이 목록',
  space: '스페이스',
  enter: 'Enter',
  followedBy: '누른 뒤',
};
