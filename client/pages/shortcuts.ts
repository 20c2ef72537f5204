/** What a key asks for. */
export type Shortcut =
  | { readonly kind: 'freeze' }
  /** One of the lengths of time that are offered. */
  | { readonly kind: 'window'; readonly index: number }
  | { readonly kind: 'page'; readonly path: string }
  | { readonly kind: 'neighbour'; readonly step: 1 | -1 }
  | { readonly kind: 'capture' }
  /** The most urgent alarm. */
  | { readonly kind: 'urgent' }
  /** The list of alarms. */
  | { readonly kind: 'alarms' }
  | { readonly kind: 'help' };

// After this long a first `g` is forgotten.
const CHORD_MS = 1500;
// Where keys mean letters, or already do something.
const TYPING = 'input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]';
const PRESSABLE = 'a, button, input, select, summary';

/** Turns single keys into what they ask for. */
export class Shortcuts {
  #goMs = -Infinity;

  /** Reads a key, or undefined where it is not ours: pressed with a modifier, while typing, or on a control it works. */
  read(event: KeyboardEvent): Shortcut | undefined {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return undefined;
    const target = event.composedPath()[0];
    if (target instanceof Element && target.matches(TYPING)) return undefined;
    if (event.key === ' ' && target instanceof Element && target.matches(PRESSABLE)) return undefined;

    const isChord = event.timeStamp - this.#goMs < CHORD_MS;
    this.#goMs = event.key === 'g' ? event.timeStamp : -Infinity;
    if (isChord) return readPage(event.key);
    return readKey(event.key);
  }
}

function readPage(key: string): Shortcut | undefined {
  if (key === 'c') return { kind: 'page', path: '/' };
  if (key === 'r') return { kind: 'page', path: '/captures' };
  if (key === 'm') return { kind: 'page', path: '/models' };
  if (key === 'j') return { kind: 'page', path: '/alarms/journal' };
  if (key === 'k') return { kind: 'page', path: '/alarms/kpi' };
  if (key === 'd') return { kind: 'page', path: '/alarms/settings' };
  if (key === 's') return { kind: 'page', path: '/system' };
  if (key === 'u') return { kind: 'urgent' };
  if (key === 'l') return { kind: 'alarms' };
  return undefined;
}

function readKey(key: string): Shortcut | undefined {
  switch (key) {
    case ' ':
      return { kind: 'freeze' };
    case '?':
      return { kind: 'help' };
    case 'c':
      return { kind: 'capture' };
    case '[':
      return { kind: 'neighbour', step: -1 };
    case ']':
      return { kind: 'neighbour', step: 1 };
    default:
      return /^[1-9]$/.test(key) ? { kind: 'window', index: Number(key) - 1 } : undefined;
  }
}
