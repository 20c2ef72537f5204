import { readFile } from 'node:fs/promises';
import type { Logger } from '../base/log.ts';
import { writeWhole } from '../base/whole-file.ts';

/** Where bursts are kept, in the storage directory. */
export const PUSH_BURSTS_FILE = 'push-bursts.json';

export interface PushBurstsOptions {
  readonly path: string;
  /** Of the settings; those of others are forgotten. */
  readonly services: readonly string[];
  readonly log: Logger;
}

/**
 * Tags of alarms that browsers of a push service were told of as many at once,
 * and that still call. They survive a restart where the file can be written;
 * where it cannot, the log says so, and the notification may stay on phones.
 */
export class PushBursts {
  readonly #options: PushBurstsOptions;
  readonly #tags: Map<string, ReadonlySet<string>>;
  #saving: Promise<void> = Promise.resolve();

  /** Never rejects: what cannot be read is none, and logged. */
  static async open(options: PushBurstsOptions): Promise<PushBursts> {
    const { path, services, log } = options;
    try {
      const kept = JSON.parse(await readFile(path, 'utf8')) as Record<string, string[]>;
      return new PushBursts(options, new Map(services.map((service) => [service, new Set(kept[service])])));
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'ENOENT')
        log.warn({ err }, 'who was told of many alarms is not known');
      return new PushBursts(options, new Map());
    }
  }

  private constructor(options: PushBurstsOptions, tags: Map<string, ReadonlySet<string>>) {
    this.#options = options;
    this.#tags = tags;
  }

  of(service: string): ReadonlySet<string> {
    return this.#tags.get(service) ?? new Set();
  }

  /** Resolves when it is on the disk, or cannot be; at once where it is as before. */
  async keep(service: string, tags: ReadonlySet<string>): Promise<void> {
    const before = this.of(service);
    if (before.size === tags.size && [...tags].every((tag) => before.has(tag))) return;
    this.#tags.set(service, tags);
    this.#saving = this.#saving.then(() => this.#save());
    await this.#saving;
  }

  async #save(): Promise<void> {
    const { path, log } = this.#options;
    const kept = Object.fromEntries([...this.#tags].map(([service, tags]) => [service, [...tags]]));
    await writeWhole(path, JSON.stringify(kept)).catch((err: unknown) => {
      log.warn({ err }, 'who was told of many alarms cannot be kept over a restart');
    });
  }
}
