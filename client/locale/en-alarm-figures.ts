/** Words of the figures of alarms on the page of the system, in English: part of the table in `en.ts`. */
export const enAlarmFigures = {
  alarmsStanding: 'Standing',
  ofWatched: (standing: string, watched: string) => `${standing} of ${watched}`,
  alarmsUnacknowledged: 'Unacknowledged',
  alarmsHidden: 'Hidden',
  alarmsRecent: 'Annunciated in 10 min',
  alarmJournalBytes: 'Journal',
  alarmJournalWaiting: 'Not stored yet, lost',
  alarmOutput: (waiting: string, delivered: string) => `${waiting} waiting, ${delivered} delivered`,
  alarmOutputFails: (output: string, why: string) => `Alarms do not reach ${output}: ${why}`,
};
