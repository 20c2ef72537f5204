/** Words of the figures of alarms on the page of the system, in English: part of the table in `en.ts`. */
export const enAlarmFigures = {
  alarmsWatched: 'Watched',
  alarmsStanding: 'Standing',
  alarmsUnacknowledged: 'Unacknowledged',
  alarmsHidden: 'Hidden',
  alarmsRecent: 'Annunciated in 10 min',
  alarmJournalBytes: 'Journal',
  alarmJournalWaiting: 'Entries not stored yet',
  alarmJournalLost: 'Entries lost',
  alarmOutput: (waiting: string, delivered: string) => `${waiting} waiting, ${delivered} delivered`,
  alarmOutputFails: (output: string, why: string) => `Alarms do not reach ${output}: ${why}`,
};
