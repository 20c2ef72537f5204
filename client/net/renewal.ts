const STORED = 'fenestra.renewed';
// A page that does not fit its server either is not loaded over and over.
const LEAST_MS = 600_000;
// About half a minute of attempts.
const STUCK_FAILURES = 10;

/** What renewal needs of the browser. */
export interface RenewalOptions {
  /** Path of the page, */
  readonly page: string;
  /** and of the script that it runs, which is another in every build. */
  readonly script: string;
  readonly fetch: (path: string, options: { readonly cache: 'no-store' }) => Promise<Response>;
  /** Lasts as long as the tab. Reading it may throw. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  readonly wallMs: () => number;
  readonly reload: () => void;
}

/**
 * Loads the page anew where it no longer fits its server, which has another
 * build of it: screens on a wall have nobody who would. Once in ten minutes at
 * most, and never from a server that does not answer.
 */
export class Renewal {
  readonly #options: RenewalOptions;

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  /** To be called whenever something says that the server may have been replaced. */
  async renew(): Promise<void> {
    const page = await this.#page();
    if (page !== undefined && !page.includes(this.#options.script)) this.#reload();
  }

  /**
   * To be called after attempt `failures` to load a part of this page. Where
   * many fail though the server answers, the same build is loaded anew too: a
   * browser may remember that a script could not be had until the page is another.
   */
  async repair(failures: number): Promise<void> {
    if (failures < STUCK_FAILURES) await this.renew();
    else if ((await this.#page()) !== undefined) this.#reload();
  }

  /** The page as the server has it; undefined where it is out of reach, and there is nothing to load. */
  async #page(): Promise<string | undefined> {
    try {
      const response = await this.#options.fetch(this.#options.page, { cache: 'no-store' });
      return response.ok ? await response.text() : undefined;
    } catch {
      return undefined;
    }
  }

  #reload(): void {
    if (this.#take()) this.#options.reload();
  }

  /** Whether it is long enough since the last time; then notes that it is now. */
  #take(): boolean {
    const { storage, wallMs } = this.#options;
    try {
      const lastMs = Number(storage().getItem(STORED) ?? Number.NaN);
      if (Math.abs(wallMs() - lastMs) < LEAST_MS) return false;
      storage().setItem(STORED, String(wallMs()));
      return true;
    } catch {
      return false; // what cannot be noted could not be told from the first time
    }
  }
}
