import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { writeWhole } from '../base/whole-file.ts';

/** Where sessions are kept, in the storage directory. */
export const SESSIONS_FILE = 'sessions.json';
/** A session ends when it was not used for so long: a phone on the shop floor is asked once, a lost one is shut out in the end. */
export const SESSION_MS = 30 * 86_400_000;
/** Sessions at a time; then the one that was not used for the longest goes. */
const SESSION_LIMIT = 1000;

const TOKEN_BYTES = 32;
/** The end moves at most so often. */
const RENEW_MS = 86_400_000;
const OWNER_ONLY = 0o600;

const Kept = z.strictObject({
  format: z.literal(1),
  sessions: z
    .array(z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/), untilMs: z.number() }))
    .max(SESSION_LIMIT),
});

export interface SessionsOptions {
  /** Absolute or of the working folder; its folder is made where there is none. */
  readonly path: string;
  readonly secret: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Logger;
}

/**
 * Browsers that gave the secret. A token is 256 random bits; only its HMAC with
 * the secret is kept, so that another secret ends them all. They survive a
 * restart where the file can be written; where it cannot, the log says so.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  /** The end of each, ms since 1970 UTC, by the digest of its token; the longest unused first. */
  readonly #untilMs: Map<string, number>;
  #saving: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;
  #crowdedOut = 0;

  static async open(options: SessionsOptions): Promise<Sessions> {
    return new Sessions(options, await readKept(options));
  }

  private constructor(options: SessionsOptions, untilMs: Map<string, number>) {
    this.#options = options;
    this.#untilMs = untilMs;
  }

  status(): { readonly sessions: number; readonly crowdedOut: number } {
    return { sessions: this.#untilMs.size, crowdedOut: this.#crowdedOut };
  }

  /** Makes a token. Resolves when it is kept, or could not be. */
  async begin(): Promise<string> {
    const nowMs = this.#options.clock.nowMs();
    for (const [digest, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(digest);
    for (const digest of this.#untilMs.keys()) {
      if (this.#untilMs.size < SESSION_LIMIT) break;
      this.#untilMs.delete(digest);
      this.#crowdedOut++;
    }
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#untilMs.set(this.#digest(token), nowMs + SESSION_MS);
    await this.#save();
    return token;
  }

  has(token: string): boolean {
    return (this.#untilMs.get(this.#digest(token)) ?? 0) > this.#options.clock.nowMs();
  }

  /** Moves the end of a session that is used; whether it moved, so that the browser must be told. */
  renew(token: string): boolean {
    const digest = this.#digest(token);
    const untilMs = this.#options.clock.nowMs() + SESSION_MS;
    if (!this.has(token) || untilMs - (this.#untilMs.get(digest) ?? 0) < RENEW_MS) return false;
    this.#untilMs.delete(digest); // to the end of the order
    this.#untilMs.set(digest, untilMs);
    void this.#save();
    return true;
  }

  async end(token: string): Promise<void> {
    if (this.#untilMs.delete(this.#digest(token))) await this.#save();
  }

  /** Resolves when nothing is being written. */
  async close(): Promise<void> {
    await (this.#waiting ?? this.#saving);
  }

  #digest(token: string): string {
    return createHmac('sha256', this.#options.secret).update(token).digest('hex');
  }

  // One at a time; those that come meanwhile are one more together.
  #save(): Promise<void> {
    this.#waiting ??= this.#saving.then(() => {
      this.#waiting = undefined;
      this.#saving = this.#write();
      return this.#saving;
    });
    return this.#waiting;
  }

  async #write(): Promise<void> {
    const { path, log } = this.#options;
    const sessions = [...this.#untilMs].map(([digest, untilMs]) => ({ digest, untilMs }));
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, JSON.stringify({ format: 1, sessions } satisfies z.input<typeof Kept>), OWNER_ONLY);
    } catch (error) {
      log.warn({ err: error, path }, 'sessions of operators are not kept over a restart');
    }
  }
}

async function readKept({ path, clock, log }: SessionsOptions): Promise<Map<string, number>> {
  try {
    const { sessions } = Kept.parse(JSON.parse(await readFile(path, 'utf8')));
    // No end is further away than a new session's, whatever the clock was when they were written.
    const latestMs = clock.nowMs() + SESSION_MS;
    return new Map(sessions.map(({ digest, untilMs }) => [digest, Math.min(untilMs, latestMs)]));
  } catch (error) {
    const isNew = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isNew) log.warn({ err: error, path }, 'sessions of operators cannot be read, all must give the secret again');
    return new Map();
  }
}
