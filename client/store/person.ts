import { type SessionReply, toPersonName } from '../../server/wire/session.ts';
import { Listeners, type Store } from './store.ts';

const STORED = 'fenestra-person';

/** What the server asks for before it does something. */
export type Want = 'name' | 'secret';

/** What became of a secret that was given. */
export type Entry = 'in' | 'wrong' | 'later';

export interface PersonState {
  /** The name that this browser signs with. */
  readonly name: string | undefined;
  /** What the person is asked for now. */
  readonly want: Want | undefined;
  /** Why what was given last is not taken. */
  readonly fault: 'name' | Exclude<Entry, 'in'> | 'failed' | undefined;
  /** The secret is on its way. */
  readonly isSending: boolean;
  /** As far as it was asked for. */
  readonly session: SessionReply | undefined;
}

export interface PersonSources {
  /** Throws where the browser forbids it. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  readonly enter: (secret: string) => Promise<Entry>;
  readonly leave: () => Promise<SessionReply>;
  readonly look: () => Promise<SessionReply>;
}

/** Who is at this browser: asks for a name and for the operator secret when they are needed, one at a time, and keeps the name. */
export class PersonDesk implements Store<PersonState> {
  readonly #listeners = new Listeners();
  readonly #sources: PersonSources;
  #value: PersonState;
  #asked: Promise<boolean> | undefined;
  #end: (isGiven: boolean) => void = () => undefined;

  constructor(sources: PersonSources) {
    this.#sources = sources;
    const name = readName(sources);
    this.#value = { name, want: undefined, fault: undefined, isSending: false, session: undefined };
  }

  get value(): PersonState {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Resolves to whether it was given. Who asks for what is asked for already gets the same answer. */
  async ask(want: Want): Promise<boolean> {
    while (this.#asked !== undefined) {
      if (this.#value.want === want) return this.#asked;
      await this.#asked;
    }
    this.#set({ want, fault: undefined });
    this.#asked = new Promise<boolean>((resolve) => {
      this.#end = resolve;
    }).finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  /** Takes what the person gave; where it is not taken, the question stays. */
  async answer(text: string): Promise<void> {
    const { want, isSending } = this.#value;
    if (want === 'name') this.#takeName(text);
    if (want !== 'secret' || isSending) return;
    this.#set({ isSending: true, fault: undefined });
    const entry = await this.#sources.enter(text).catch(() => 'failed' as const);
    this.#set({ isSending: false });
    if (this.#value.want !== 'secret') return; // given up meanwhile
    this.#set(entry === 'in' ? { session: { isOperator: true, needsSecret: true } } : { fault: entry });
    if (entry === 'in') this.#close(true);
  }

  /** The person would not. */
  giveUp(): void {
    this.#close(false);
  }

  /** Finds out whether there is a session; nothing is known of it where that fails. */
  async look(): Promise<void> {
    this.#set({ session: await this.#sources.look().catch(() => undefined) });
  }

  /** Ends the session. */
  async leave(): Promise<void> {
    const session = await this.#sources.leave().catch(() => this.#value.session);
    this.#set({ session });
  }

  #takeName(text: string): void {
    const name = toPersonName(text);
    this.#set(name === undefined ? { fault: 'name' } : { name });
    if (name === undefined) return;
    try {
      this.#sources.storage().setItem(STORED, name);
    } catch {
      // Storage is forbidden or full: the name holds for this visit.
    }
    this.#close(true);
  }

  #close(isGiven: boolean): void {
    this.#set({ want: undefined, fault: undefined });
    this.#end(isGiven);
  }

  #set(change: Partial<PersonState>): void {
    this.#value = { ...this.#value, ...change };
    this.#listeners.announce();
  }
}

function readName({ storage }: PersonSources): string | undefined {
  try {
    return toPersonName(storage().getItem(STORED) ?? '');
  } catch {
    return undefined; // storage is forbidden
  }
}
