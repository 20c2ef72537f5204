import type { AlarmActTexts } from './en-alarm-acts.ts';

/** Words of what people do about alarms, in Korean. */
export const koAlarmActs: AlarmActTexts = {
  reason: '사유',
  reasons: ['알고 있으며 조치 중', '정비', '센서 이상', '불필요한 알람'],
  moreWords: '직접 입력',
  reasonMissing: '사유를 고르거나 입력하세요.',
  commentMissing: '내용을 입력하세요.',
  shelveFor: '기간',
  endOfShift: '근무 종료까지',
  otherHours: '기타, 시간',
  send: '서명하고 보내기',
  refusal: {
    ALARM_UNKNOWN: '더 이상 없는 알람입니다.',
    ALARM_NEWER: '화면에서 본 뒤 다시 발생하여 처리하지 않았습니다. 다시 살펴보세요.',
    ALARM_UNSEEN: '서버에 없는 상태를 기준으로 한 조치라 처리하지 않았습니다.',
    ALARM_STATE: '현재 상태에서는 할 수 없습니다.',
    ALARM_UNCHANGED: '다른 사람이 먼저 처리했습니다.',
  },
  refusedWhole: {
    EXPIRED: '하루 동안 보내지 못해 취소했습니다.',
    FULL: '전송을 기다리는 조치가 너무 많습니다.',
    PERSON_REQUIRED: '서명할 이름이 필요합니다.',
    SECRET_REQUIRED: '운영자 비밀번호가 필요합니다.',
  },
  notDoneWhy: (why) => `서버가 거부함: ${why}`,
};
