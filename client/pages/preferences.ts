import { chooseLanguage } from '../locale/locale.ts';
import { LANGUAGES, type Language } from '../locale/texts.ts';
import { Listeners, type Store } from '../store/store.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const SCALES = ['auto', 'desk', 'wall'] as const;
export type Scale = (typeof SCALES)[number];

/** What one reader chose for one screen. */
export interface Choices {
  readonly language: Language;
  readonly theme: Theme;
  readonly scale: Scale;
  /** Whether single keys act. */
  readonly hasKeys: boolean;
}

const STORED = 'fenestra';
// From this width on a screen is taken for a wall.
const WALL = '(min-width: 3840px)';
const DARK = '(prefers-color-scheme: dark)';

/**
 * The reader's choices: from the address (`?scale=wall&theme=dark&language=ko`,
 * for screens without a keyboard), else as stored, else as the system prefers.
 * Applies theme and scale to the document while started.
 */
export class Preferences implements Store<Choices> {
  readonly #listeners = new Listeners();
  readonly #queries = [DARK, WALL].map((query) => matchMedia(query));
  readonly #apply = () => this.#applyToDocument();
  #value: Choices;

  constructor() {
    this.#value = { ...readDefaults(), ...readStored(), ...readAddress() };
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

  /** Stores a choice for the next visit and applies it now. */
  choose(change: Partial<Choices>): void {
    this.#value = { ...this.#value, ...change };
    store(this.#value);
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
  }
}

function readDefaults(): Choices {
  return { language: chooseLanguage(navigator.languages), theme: 'system', scale: 'auto', hasKeys: true };
}

function readAddress(): Partial<Choices> {
  return known(Object.fromEntries(new URLSearchParams(location.search)));
}

function readStored(): Partial<Choices> {
  try {
    return known(JSON.parse(localStorage.getItem(STORED) ?? '{}'));
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

function known(found: unknown): Partial<Choices> {
  if (typeof found !== 'object' || found === null) return {};
  const { language, theme, scale, hasKeys } = found as Record<string, unknown>;
  return {
    ...one('language', LANGUAGES, language),
    ...one('theme', THEMES, theme),
    ...one('scale', SCALES, scale),
    ...(typeof hasKeys === 'boolean' ? { hasKeys } : {}),
  };
}

function one<T>(key: string, all: readonly T[], found: unknown): Record<string, T> {
  const value = all.find((each) => each === found);
  return value === undefined ? {} : { [key]: value };
}
