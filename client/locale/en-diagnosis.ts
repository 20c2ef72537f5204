/** Words of the diagnosis, in English. */
export const enDiagnosis = {
  diagnosis: 'Diagnosis',
  diagnosesAsCsv: 'Diagnoses (CSV)',
  runClass: (label: string) => `Class ${label}`,
  runUnknown: 'Unknown',
  runIncomplete: 'Incomplete',
  runUnavailable: 'No diagnosis',
  runDropped: 'Left out',
  runNone: 'Waiting for a run',
  runFor: (span: string) => `for ${span}`,
  runAt: (time: string) => `run of ${time}`,
  inRange: 'Within range',
  unsure: 'unsure',
  unsureInPart: 'unsure in part',
  diagnosisStale: 'not of now',
  severityLow: 'low',
  severityMedium: 'medium',
  severityHigh: 'high',
  severityCritical: 'critical',
  modelStopped: 'No thread of the server runs the model for now; another is being started.',
  modelPutAside: (why: string) => `The model was put aside: ${why}`,
  modelNotFetched: (why: string) => `The model could not be fetched: ${why}`,
  modelUnfit: (why: string) => `The model is unfit: ${why}`,
  noAnswer: (why: string) => `The model gave no answer: ${why}`,
  pointsMissing: (points: string) => `${points} points missing`,
  pointsFlagged: (points: string) => `${points} points flagged`,
  pointsEmpty: (points: string) => `${points} points without a finite sample`,
  streamEnded: 'the stream ended',
  modelForUnit: (expected: string, found: string) => `The model is for ${expected}; this channel is in ${found}.`,
  modelForRate: (expected: string, found: string) =>
    `The model is for ${expected} points a second; this channel has ${found}.`,
  openRun: 'Open the run',
  diagnosesShown: 'Diagnoses of the time shown',
  diagnosisSpan: (from: string, to: string) => `${from} to ${to}`,
  nothingDiagnosed: 'none',
  diagnosedByServer: 'On the server',
  diagnosedHere: 'In this browser',
  diagnosedHereWhy:
    'This browser can run the same model on the points that it holds. Its answers are then compared with those of the server.',
  modelLoading: 'The model is on its way to this browser.',
  modelKept: 'Trouble with the model',
  leftOutHere: (runs: string) =>
    `${runsOf(runs)} left out: this browser was too slow for ${runs === '1' ? 'it' : 'them'}, or stood still.`,
  parityOfAll: 'As all pages tell',
  parityNone: 'Not yet compared with the server',
  paritySame: (runs: string, greatest: string) =>
    `Same as the server on ${runsOf(runs)}, greatest difference ${greatest}`,
  parityDifferent: (different: string, runs: string, greatest: string) =>
    `Differs from the server on ${different} of ${runsOf(runs)}, greatest difference ${greatest}`,
  parityOfSent: (runs: string, sent: string, last: string) =>
    `${runs} of ${runsOf(sent)} sent ${runs === '1' ? 'was' : 'were'} compared, the last ${last}`,
  parityUnmatched: 'Nothing compared for 10 s or more: the server knows none of the runs that are sent.',
  parityFailed: (why: string) => `Not compared with the server: ${why}`,
  paritySince: (time: string) => `since ${time}`,
};

function runsOf(count: string): string {
  return `${count} ${count === '1' ? 'run' : 'runs'}`;
}
