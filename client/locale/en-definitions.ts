/** What is wrong, by its code. */
interface Fault {
  readonly code: string;
  readonly found?: string;
  readonly expected?: string;
}

/** Words of the page of alarm definitions, in English. They come with the page. */
export const enDefinitions = {
  heading: 'Alarm settings',
  total: (definitions: number, alarms: number) => `${definitions} definitions make ${alarms} alarms`,
  notListed: (why: string) => `The server does not list its definitions of alarms: ${why}. Trying again.`,
  waiting: 'Being loaded.',
  search: 'Search for a name, text or channel',
  find: 'Find definitions',
  anyPriority: 'All priorities',
  templates: 'Templates',
  list: 'Definitions of alarms',
  none: 'No definition fits.',
  moreFound: (count: string) => `${count} more: search to find them.`,
  empty: 'No definition yet',
  emptyWhy: 'Make one here, or import a file. “fenestra alarms import” does the same.',
  alarms: (count: number) => (count === 1 ? '1 alarm' : `${count} alarms`),
  template: 'template',
  inheritsFrom: (id: string) => `from ${id}`,
  add: 'New definition',
  back: 'All definitions',
  choose: 'Choose a definition, or make a new one.',
  notFound: (id: string) => `There is no definition ${id}.`,

  mix: 'Priorities of all alarms',
  mixGuide: (limit: number, isLeast: boolean) => (isLeast ? `guide about ${limit} %` : `guide at most ${limit} %`),

  identity: 'What and where',
  id: 'Name',
  idHint: 'a-z 0-9 . _ -; the first part of every alarm’s tag. It cannot be changed later.',
  inherits: 'Takes the rest from',
  inheritsNone: 'nothing',
  channels: 'Channels',
  channelsHint: 'Names, * stands for any characters. None: a template, or an alarm of the server.',
  matches: (count: number, of: number) => `${count} of ${of} channels fit`,
  more: (count: number) => `and ${count} more`,
  serverAlarm: 'Of the server itself: one alarm.',
  isTemplate: 'A template: makes no alarm, others take what it says.',

  condition: 'Condition',
  kind: 'Kind',
  kindNone: 'choose…',
  kinds: {
    limit: 'A figure passes a limit',
    rate: 'The mean changes fast',
    band: 'The mean leaves a band',
    diagnosis: 'A diagnosis',
    unknown: 'Unknown to the model',
    stale: 'No data',
    missing: 'Samples missing',
    clipped: 'At full scale',
    system: 'A figure of the server',
  },
  conditionFields: {
    figure: 'Figure',
    side: 'Passes',
    above: 'Above',
    below: 'Below',
    deadband: 'Deadband',
    overSeconds: 'Within',
    low: 'Low',
    high: 'High',
    labels: 'Classes',
    confidence: 'Confidence at least',
    seconds: 'After',
    samples: 'Samples at least',
    n: 'Windows or runs at least',
    m: 'of the last',
  },
  hints: {
    deadband: 'It is over only so far on the other side.',
    band: 'Left empty: the normal band of the channel’s settings.',
    labels: 'Labels of the model’s manifest, with commas.',
    seconds: 'Left empty: 3 s, or three windows where those are longer.',
    ofLast: 'Left empty: every one counts.',
  },
  figures: { min: 'minimum', max: 'maximum', mean: 'mean', deviation: 'deviation' },
  systemFigures: {
    'disk-free': 'free storage',
    'disk-failing': 'storage failing (1)',
    'cpu-load': 'processor load',
    'memory-used': 'memory used',
    'windows-dropped': 'windows dropped',
    'model-failing': 'models not in use',
    'output-failing': 'outputs failing',
    'capture-failing': 'recording failing (1)',
  },
  units: {
    seconds: 's',
    channel: 'unit of the channel',
    perSecond: 'unit/s',
    percent: '%',
    windows: 'windows/s',
    count: '',
  },

  response: 'Priority and response',
  priority: 'Priority',
  timeToRespondSeconds: 'Time to respond',
  texts: 'What people read',
  title: 'Title',
  cause: 'Cause',
  consequence: 'Consequence',
  action: 'What to do',
  english: 'English',
  korean: 'Korean',
  behaviour: 'Delays and latch',
  onDelaySeconds: 'On-delay',
  offDelaySeconds: 'Off-delay',
  latch: 'Latches until reset',
  autoAcknowledgeReturns: 'What clears unacknowledged is normal at once',
  capture: 'Recording',
  captureOn: 'Record raw samples',
  before: 'before the condition began',
  after: 'after it is an alarm',
  suppress: 'Hidden by design',
  parent: 'While this alarm is present',
  parentNone: 'none',
  whileOff: 'While no device is connected',

  inherited: (from: string) => `as ${from}`,
  yes: 'yes',
  no: 'no',
  overrides: (from: string) => `instead of ${from}`,
  usual: 'default',
  override: 'Change here',
  reset: (from: string) => `Take from ${from}`,
  clear: 'Leave out',

  why: 'Why (comment)',
  save: 'Save',
  discard: 'Discard',
  unsaved: 'Not saved yet',
  saved: (version: number) => `Saved as version ${version}.`,
  notSaved: (why: string) => `Nothing was saved: ${why}`,
  warnings: 'This may be a mistake:',
  faults: (count: number) => (count === 1 ? 'One thing is wrong:' : `${count} things are wrong:`),
  elsewhere: (id: string) => `${id}: `,
  conflict: (by: string, when: string) => `${by} changed this on ${when}, while you edited it.`,
  conflictRemoved: 'Somebody removed this while you edited it.',
  theyChanged: 'They changed:',
  takeTheirs: 'Take theirs',
  keepMine: 'Keep mine',

  remove: 'Delete',
  askRemove: (id: string, alarms: number) => `Delete ${id}? ${alarms} alarms go with it.`,
  stay: 'Keep it',
  removed: (id: string) => `${id} is deleted.`,

  history: 'Versions',
  version: (version: number) => `Version ${version}`,
  removedVersion: 'deleted',
  restore: 'Edit this one',
  present: 'present',
  restored: (version: number) => `Version ${version} is in the form; save to use it.`,

  file: 'File',
  exportFile: 'Export',
  importFile: 'Import…',
  importHeading: (name: string) => `Import ${name}`,
  replace: 'Delete what the file does not have',
  added: 'New',
  changed: 'Changed',
  unchanged: 'Unchanged',
  removedOnes: 'Deleted',
  importGo: 'Import',
  cancel: 'Cancel',
  imported: 'Imported.',
  line: (line: number) => `line ${line}`,
  changesNothing: 'The file changes nothing.',

  fault: ({ code, found = '', expected = '' }: Fault): string | undefined => {
    switch (code) {
      case 'FIELD_MISSING':
        return 'Missing, and not inherited.';
      case 'FIELD_UNKNOWN':
        return 'There is no such field.';
      case 'FIELD_TYPE':
        return `Is ${found || 'empty'}, expected another type.`;
      case 'NUMBER_LOW':
        return `Is ${found}, expected at least ${expected}.`;
      case 'NUMBER_HIGH':
        return `Is ${found}, expected at most ${expected}.`;
      case 'TEXT_SHORT':
        return 'Empty, expected a text.';
      case 'TEXT_LONG':
        return `Has ${found} characters, expected at most ${expected}.`;
      case 'LIST_SHORT':
        return 'Empty, expected at least one.';
      case 'LIST_LONG':
        return `Has ${found} entries, expected at most ${expected}.`;
      case 'CHOICE':
        return `Is ${found}, expected one of ${expected}.`;
      case 'ONE_BOUND':
        return 'Expected a limit above or below, and not both.';
      case 'N_OF_M':
        return 'More than there are looked at.';
      case 'LOW_HIGH':
        return 'Low must be below high.';
      case 'INHERITS_UNKNOWN':
      case 'PARENT_UNKNOWN':
        return `There is no definition ${found}.`;
      case 'INHERITS_CYCLE':
        return `Inherits in a circle: ${found}.`;
      case 'INHERITS_FAULTY':
        return `${found} has faults itself.`;
      case 'SYSTEM_CHANNELS':
        return 'A figure of the server is of no channel.';
      case 'PARENT_TEMPLATE':
        return `${found} is a template and never present.`;
      case 'PARENT_CYCLE':
        return `${found} would be hidden by it in turn.`;
      case 'PARENT_LESS_URGENT':
        return `${found} hides it and is less urgent.`;
      case 'BAND_NONE':
        return `The settings have no normal band of ${found}: it is never raised there.`;
      case 'TOO_MANY':
        return `${found} definitions, expected at most ${expected}.`;
      default:
        return undefined; // the server's own words say it
    }
  },
};

export type DefinitionTexts = typeof enDefinitions;
