import { DEFAULT_WINDOW_MS } from '../components/time-window.ts';
import { chooseLanguage } from '../locale/locale.ts';
import { Listeners, type Store } from '../store/store.ts';
import { type Choices, readAddress, readChoices } from './choices.ts';
import { DEFAULT_VIEWING, essentialPx, type Viewing } from './viewing.ts';

const STORED = 'fenestra';
// From this width on a screen is taken for a wall.
const WALL = '(min-width: 3840px)';
const DARK = '(prefers-color-scheme: dark)';

/**
 * The reader's choices: from the address (for screens without a keyboard),
 * else as stored, else as the system prefers.
 * Applies theme, scale and the size of type on a wall to the document while started.
 */
export class Preferences implements Store<Choices> {
  readonly #listeners = new Listeners();
  readonly #queries = [DARK, WALL].map((query) => matchMedia(query));
  readonly #apply = () => this.#applyToDocument();
  #value: Choices;

  constructor() {
    this.#value = { ...readDefaults(), ...readStored(), ...readAddress(location.search) };
  }

  get value(): Choices {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  start(): void {
    for (const query of this.#queries) query.addEventListener('change', this.#apply);
    this.#applyToDocument();
  }

  close(): void {
    for (const query of this.#queries) query.removeEventListener('change', this.#apply);
  }

  /** Stores a choice for the next visit and applies it now. One without meaning changes nothing. */
  choose(change: Partial<Choices>): void {
    this.#value = { ...this.#value, ...readChoices(change) };
    store(this.#value);
    this.#applyToDocument();
    this.#listeners.announce();
  }

  /** This screen hangs on a wall and is looked at so, unless the address says otherwise. Not kept for the next visit. */
  hang(viewing: Viewing): void {
    this.#value = { ...this.#value, ...viewing, ...readAddress(location.search), scale: 'wall' };
    this.#applyToDocument();
    this.#listeners.announce();
  }

  #applyToDocument(): void {
    const { theme, scale, language } = this.#value;
    const [dark, wall] = this.#queries;
    const root = document.documentElement;
    root.lang = language;
    root.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    root.dataset.scale = scale === 'auto' ? (wall.matches ? 'wall' : 'desk') : scale;
    root.style.setProperty('--essential', `${essentialPx(this.#value, screen)}px`);
  }
}

function readDefaults(): Choices {
  return {
    language: chooseLanguage(navigator.languages),
    theme: 'system',
    scale: 'auto',
    windowMs: DEFAULT_WINDOW_MS,
    mutedUntilMs: 0,
    hasKeys: true,
    diagnosis: 'server',
    ...DEFAULT_VIEWING,
  };
}

function readStored(): Partial<Choices> {
  try {
    return readChoices(JSON.parse(localStorage.getItem(STORED) ?? '{}'));
  } catch {
    return {}; // storage is forbidden or holds something else: nothing was chosen
  }
}

function store(choices: Choices): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(choices));
  } catch {
    // Storage is forbidden or full: the choice holds for this visit.
  }
}
