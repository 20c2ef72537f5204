import type { WallTexts } from './en-wall.ts';

/** Words of walls and their boards, in Korean. */
export const koWall: WallTexts = {
  clock: '현장 시각',
  of: (index, count) => `${index} / ${count}`,
  unknownBoard: (id) => `“${id}” 보드가 없습니다`,
  unknownBoardWhy: '보드는 /wall/edit에서 만듭니다. /wall은 모든 채널을 보여 줍니다.',
  loading: '보드를 기다리는 중',
  noModels: '이 채널들을 진단하는 모델이 없습니다',
  more: (count) => `외 ${count}건`,
  unacknowledged: (count) => `미확인 ${count}건`,
  draft: '저장되지 않음',
  paused: '확인할 때까지 멈춤',
};
