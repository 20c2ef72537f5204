/** Words of what people do about alarms, in English. */
export const enAlarmActs = {
  reason: 'Reason',
  reasons: ['Known, being worked on', 'Maintenance', 'Sensor at fault', 'Nuisance alarm'],
  moreWords: 'In your words',
  reasonMissing: 'Choose why, or write it.',
  commentMissing: 'Write it.',
  shelveFor: 'For how long',
  endOfShift: 'End of shift',
  otherHours: 'Other, hours',
  send: 'Sign and send',
  refusal: {
    ALARM_UNKNOWN: 'There is no such alarm any more.',
    ALARM_NEWER: 'It has occurred again since you saw it, so this was not done. Look again.',
    ALARM_UNSEEN: 'The server knows nothing of what this page saw. Nothing was done.',
    ALARM_STATE: 'As it is now, that cannot be done.',
    ALARM_UNCHANGED: 'Somebody else was quicker: it was so already.',
  },
  refusedWhole: {
    EXPIRED: 'It could not be sent for a day and was given up.',
    FULL: 'Too many actions wait to be sent.',
    PERSON_REQUIRED: 'It takes a name to sign with.',
    SECRET_REQUIRED: 'It takes the operator secret.',
  },
  notDoneWhy: (why: string) => `The server refused: ${why}`,
};

export type AlarmActTexts = typeof enAlarmActs;
