import type { enAlarmFigures } from './en-alarm-figures.ts';

/** Words of the figures of alarms on the page of the system, in Korean. */
export const koAlarmFigures: typeof enAlarmFigures = {
  alarmsStanding: '발생 중',
  ofWatched: (standing: string, watched: string) => `${watched}개 중 ${standing}`,
  alarmsUnacknowledged: '미확인',
  alarmsHidden: '숨김',
  alarmsRecent: '10분간 발생',
  alarmJournalBytes: '알람 이력',
  alarmJournalWaiting: '저장 대기, 손실',
  alarmOutput: (waiting: string, delivered: string) => `${waiting} 대기, ${delivered} 전달`,
  alarmOutputFails: (output: string, why: string) => `알람이 ${output}(으)로 전달되지 않습니다: ${why}`,
};
