import type { DefinitionTexts } from './en-definitions.ts';

/** Words of the page of alarm definitions, in Korean. They come with the page. */
export const koDefinitions: DefinitionTexts = {
  heading: '알람 설정',
  total: (definitions, alarms) => `정의 ${definitions}개, 알람 ${alarms}개`,
  notListed: (why) => `서버가 알람 정의를 알려 주지 않습니다: ${why}. 다시 시도합니다.`,
  waiting: '불러오는 중입니다.',
  search: '이름, 글, 채널 검색',
  find: '정의 찾기',
  anyPriority: '모든 우선순위',
  templates: '템플릿',
  list: '알람 정의',
  none: '맞는 정의가 없습니다.',
  moreFound: (count) => `외 ${count}개: 검색하면 찾을 수 있습니다.`,
  empty: '아직 정의가 없습니다',
  emptyWhy: '여기서 만들거나 파일을 가져오십시오. “fenestra alarms import”로도 할 수 있습니다.',
  alarms: (count) => `알람 ${count}개`,
  template: '템플릿',
  inheritsFrom: (id) => `${id}에서 상속`,
  add: '새 정의',
  back: '모든 정의',
  choose: '정의를 고르거나 새로 만드십시오.',
  notFound: (id) => `${id} 정의가 없습니다.`,

  mix: '전체 알람의 우선순위',
  mixGuide: (limit, isLeast) => (isLeast ? `지침 약 ${limit} %` : `지침 최대 ${limit} %`),

  identity: '대상',
  id: '이름',
  idHint: 'a-z 0-9 . _ -; 모든 알람 태그의 앞부분이며 나중에 바꿀 수 없습니다.',
  inherits: '나머지를 가져올 정의',
  inheritsNone: '없음',
  channels: '채널',
  channelsHint: '채널 이름. *는 모든 문자를 뜻합니다. 비우면 템플릿 또는 서버의 알람입니다.',
  matches: (count, of) => `채널 ${of}개 중 ${count}개가 맞습니다`,
  more: (count) => `외 ${count}개`,
  serverAlarm: '서버 자체의 알람 하나입니다.',
  isTemplate: '템플릿: 알람을 만들지 않고 다른 정의가 내용을 가져갑니다.',

  condition: '조건',
  kind: '종류',
  kindNone: '선택…',
  kinds: {
    limit: '값이 한계를 넘음',
    rate: '평균이 빠르게 변함',
    band: '평균이 범위를 벗어남',
    diagnosis: '진단',
    unknown: '모델이 모름',
    stale: '데이터 없음',
    missing: '샘플 누락',
    clipped: '최대 범위 도달',
    system: '서버의 값',
  },
  conditionFields: {
    figure: '값',
    side: '방향',
    above: '초과',
    below: '미만',
    deadband: '불감대',
    overSeconds: '시간 범위',
    low: '하한',
    high: '상한',
    labels: '클래스',
    confidence: '최소 신뢰도',
    seconds: '경과 시간',
    samples: '최소 샘플 수',
    n: '최소 윈도 또는 런 수',
    m: '최근 개수 중',
  },
  hints: {
    deadband: '반대쪽으로 이만큼 돌아와야 끝납니다.',
    band: '비우면 채널 설정의 정상 범위를 씁니다.',
    labels: '모델 매니페스트의 레이블, 쉼표로 구분.',
    seconds: '비우면 3 s, 윈도 세 개가 더 길면 그 시간.',
    ofLast: '비우면 하나만으로 충분합니다.',
  },
  figures: { min: '최솟값', max: '최댓값', mean: '평균', deviation: '편차' },
  systemFigures: {
    'disk-free': '저장 공간 여유',
    'disk-failing': '저장 실패 (1)',
    'cpu-load': '프로세서 부하',
    'memory-used': '메모리 사용',
    'windows-dropped': '버려진 윈도',
    'model-failing': '사용되지 않는 모델',
    'output-failing': '실패한 출력',
    'capture-failing': '기록 실패 (1)',
  },
  units: { seconds: 's', channel: '채널 단위', perSecond: '단위/s', percent: '%', windows: '윈도/s', count: '' },

  response: '우선순위와 대응',
  priority: '우선순위',
  timeToRespondSeconds: '대응 시간',
  texts: '사람이 읽는 글',
  title: '제목',
  cause: '원인',
  consequence: '결과',
  action: '조치',
  english: '영어',
  korean: '한국어',
  behaviour: '지연과 래치',
  onDelaySeconds: '발생 지연',
  offDelaySeconds: '해제 지연',
  latch: '래치: 리셋할 때까지 유지',
  autoAcknowledgeReturns: '확인 전에 해제되면 바로 정상',
  capture: '기록',
  captureOn: '원시 샘플 기록',
  before: '조건 시작 전',
  after: '알람 발생 후',
  suppress: '설계에 따른 숨김',
  parent: '이 알람이 있는 동안',
  parentNone: '없음',
  whileOff: '연결된 장치가 없는 동안',

  inherited: (from) => `${from}와 같음`,
  yes: '예',
  no: '아니요',
  overrides: (from) => `${from} 대신`,
  usual: '기본값',
  override: '여기서 바꾸기',
  reset: (from) => `${from}에서 가져오기`,
  clear: '비우기',

  why: '사유 (메모)',
  save: '저장',
  discard: '버리기',
  unsaved: '아직 저장되지 않음',
  saved: (version) => `버전 ${version}(으)로 저장했습니다.`,
  notSaved: (why) => `저장되지 않았습니다: ${why}`,
  warnings: '실수일 수 있습니다:',
  faults: (count) => `잘못된 곳이 ${count}개 있습니다:`,
  elsewhere: (id) => `${id}: `,
  conflict: (by, when) => `편집하는 동안 ${by} 님이 ${when}에 바꾸었습니다.`,
  conflictRemoved: '편집하는 동안 누군가 삭제했습니다.',
  theyChanged: '바뀐 곳:',
  takeTheirs: '상대의 것 사용',
  keepMine: '내 것 유지',

  remove: '삭제',
  askRemove: (id, alarms) => `${id}을(를) 삭제할까요? 알람 ${alarms}개가 함께 사라집니다.`,
  stay: '그대로 두기',
  removed: (id) => `${id}을(를) 삭제했습니다.`,

  history: '버전',
  version: (version) => `버전 ${version}`,
  removedVersion: '삭제됨',
  restore: '이 버전 편집',
  present: '현재',
  restored: (version) => `버전 ${version}을(를) 양식에 불러왔습니다. 저장하면 사용됩니다.`,

  file: '파일',
  exportFile: '내보내기',
  importFile: '가져오기…',
  importHeading: (name) => `${name} 가져오기`,
  replace: '파일에 없는 것은 삭제',
  added: '새로 추가',
  changed: '변경',
  unchanged: '그대로',
  removedOnes: '삭제',
  importGo: '가져오기',
  cancel: '취소',
  imported: '가져왔습니다.',
  line: (line) => `${line}번째 줄`,
  changesNothing: '이 파일로 바뀌는 것이 없습니다.',

  fault: ({ code, found = '', expected = '' }) => {
    switch (code) {
      case 'FIELD_MISSING':
        return '값이 없고 상속되지도 않습니다.';
      case 'FIELD_UNKNOWN':
        return '그런 항목이 없습니다.';
      case 'FIELD_TYPE':
        return `${found || '빈 값'}: 형식이 다릅니다.`;
      case 'NUMBER_LOW':
        return `${found}: ${expected} 이상이어야 합니다.`;
      case 'NUMBER_HIGH':
        return `${found}: ${expected} 이하여야 합니다.`;
      case 'TEXT_SHORT':
        return '비어 있습니다. 글이 필요합니다.';
      case 'TEXT_LONG':
        return `${found}자입니다. ${expected}자 이하여야 합니다.`;
      case 'LIST_SHORT':
        return '비어 있습니다. 하나 이상 필요합니다.';
      case 'LIST_LONG':
        return `${found}개입니다. ${expected}개 이하여야 합니다.`;
      case 'CHOICE':
        return `${found}: ${expected} 중 하나여야 합니다.`;
      case 'ONE_BOUND':
        return '초과와 미만 중 하나만 필요합니다.';
      case 'N_OF_M':
        return '보는 개수보다 많습니다.';
      case 'LOW_HIGH':
        return '하한이 상한보다 작아야 합니다.';
      case 'INHERITS_UNKNOWN':
      case 'PARENT_UNKNOWN':
        return `${found} 정의가 없습니다.`;
      case 'INHERITS_CYCLE':
        return `상속이 순환합니다: ${found}.`;
      case 'INHERITS_FAULTY':
        return `${found} 정의에 잘못이 있습니다.`;
      case 'SYSTEM_CHANNELS':
        return '서버의 값에는 채널이 없습니다.';
      case 'PARENT_TEMPLATE':
        return `${found}은(는) 템플릿이라 발생하지 않습니다.`;
      case 'PARENT_CYCLE':
        return `${found}도 이 알람에 의해 숨겨집니다.`;
      case 'PARENT_LESS_URGENT':
        return `우선순위가 더 낮은 ${found}에 의해 숨겨집니다.`;
      case 'BAND_NONE':
        return `설정에 정상 범위가 없는 채널에서는 발생하지 않습니다: ${found}.`;
      case 'TOO_MANY':
        return `정의가 ${found}개입니다. ${expected}개 이하여야 합니다.`;
      default:
        return undefined;
    }
  },
};
