import type { Language } from './texts.ts';

const en = {
  walls: 'Walls',
  boards: 'Boards of walls',
  add: 'New board',
  id: 'Address (a-z, 0-9, - . _)',
  name: 'Name',
  diagonal: 'Diagonal, inches',
  distance: 'Seen from, m',
  pauses: 'Stays at the alarms while a critical one is not acknowledged',
  slides: 'Slides',
  kinds: { tiles: 'Tiles', trends: 'Large trends', alarms: 'Alarms', diagnoses: 'Diagnoses' },
  dwell: 'Seconds',
  window: 'Time shown',
  channels: 'Channels',
  all: 'all',
  up: 'Move up',
  down: 'Move down',
  take: 'Take out',
  save: 'Save',
  remove: 'Remove',
  show: 'Open as a wall',
  saved: 'Saved. Walls follow within seconds.',
  conflict: 'Somebody else saved this board meanwhile. Nothing was changed: reload the page to see theirs.',
  failed: (why: string) => `Not done: ${why}`,
  awake: 'The browser keeps the screen of a wall awake where the machine allows it.',
  awakeNot:
    'Over plain http a browser cannot keep the screen awake: serve https, or turn off the power saving of the machine.',
};

export type BoardTexts = typeof en;

/** The table of words of the page that edits boards. */
export const BOARD_TEXTS: Readonly<Record<Language, BoardTexts>> = {
  en,
  ko: {
    walls: '월',
    boards: '월 보드',
    add: '새 보드',
    id: '주소 (a-z, 0-9, - . _)',
    name: '이름',
    diagonal: '화면 대각선 (인치)',
    distance: '보는 거리 (m)',
    pauses: '위급 알람이 미확인인 동안 알람 화면에 머무름',
    slides: '슬라이드',
    kinds: { tiles: '타일', trends: '큰 추세', alarms: '알람', diagnoses: '진단' },
    dwell: '초',
    window: '표시 시간',
    channels: '채널',
    all: '전체',
    up: '위로',
    down: '아래로',
    take: '빼기',
    save: '저장',
    remove: '삭제',
    show: '월로 열기',
    saved: '저장했습니다. 월은 몇 초 안에 따라갑니다.',
    conflict: '그동안 다른 사람이 이 보드를 저장했습니다. 바뀐 것은 없습니다. 페이지를 새로 고쳐 확인하세요.',
    failed: (why) => `하지 못했습니다: ${why}`,
    awake: '기기가 허용하면 브라우저가 월 화면을 켜진 채로 둡니다.',
    awakeNot: '일반 http에서는 브라우저가 화면을 켜 둘 수 없습니다. https를 쓰거나 기기의 절전을 끄세요.',
  },
};
