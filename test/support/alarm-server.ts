import { randomUUID } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEntry, readRecord } from '../../server/alarms/checkpoint.ts';
import { writeDefinitionFile } from '../../server/alarms/definition-file.ts';
import { AppendLog } from '../../server/durable/append-log.ts';
import type { ActionReply, AlarmAction } from '../../server/wire/alarm-actions.ts';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import type { AlarmReply, AlarmsReply } from '../../server/wire/alarms.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { definition, WHOLE } from './alarm-definitions.ts';
import { startServer, type TestServer } from './server.ts';
import { silentLog } from './silent-log.ts';

/** A storage directory with definitions of alarms as people write them, and the servers that have it one after the other. */
export class AlarmServer {
  readonly directory: string;
  readonly #file: string;
  readonly #settings: Readonly<Record<string, object>>;
  #server: TestServer | undefined;

  /** `folder` is the caller's; definitions are `WHOLE` but for what they say; `settings` are further ones. */
  constructor(
    folder: string,
    written: Readonly<Record<string, object>>,
    settings: Readonly<Record<string, object>> = {},
  ) {
    this.#settings = settings;
    this.directory = join(folder, 'data');
    this.#file = join(folder, 'alarms.toml');
    const all = Object.entries(written).map(([id, more]) => definition(id, { ...WHOLE, ...more }));
    writeFileSync(this.#file, writeDefinitionFile(all));
  }

  get server(): TestServer {
    return this.#server!;
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const own = { storage: { directory: this.directory }, alarms: { definitions: this.#file } };
    const settings = { ...own, ...this.#settings };
    this.#server = await startServer(settings, env);
  }

  async kill(): Promise<void> {
    this.server.kill('SIGKILL');
    await this.server.ended;
  }

  /** Where a test has failed, there may be one left. */
  async end(): Promise<void> {
    if (this.#server !== undefined) await this.kill();
  }

  async all(): Promise<readonly AlarmReply[]> {
    const found: AlarmReply[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: AlarmsReply = await this.#get(`/api/alarms?all=true&after=${encodeURIComponent(after)}`);
      found.push(...page.alarms);
      after = page.next;
    }
    return found;
  }

  find(tag: string): Promise<AlarmReply> {
    return this.#get(`/api/alarms/${encodeURIComponent(tag)}`);
  }

  async figures(): Promise<SystemReply['alarms']> {
    return (await this.#get<SystemReply>('/api/system')).alarms;
  }

  /** What somebody called Kim asks for; undefined where the server dies of it. */
  async ask(action: AlarmAction): Promise<Response | undefined> {
    return fetch(`${this.server.url}/api/alarms/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'fenestra-person': 'Kim' },
      body: JSON.stringify(action),
    }).catch(() => undefined);
  }

  async act(alarm: AlarmReply, more: Partial<AlarmAction> = {}): Promise<ActionReply> {
    const { tag, occurrence, version } = alarm;
    const action = { id: randomUUID(), action: 'acknowledge', alarms: [{ tag, occurrence, version }], ...more };
    return (await (await this.ask(action as AlarmAction))!.json()) as ActionReply;
  }

  /** Every entry on the disk, of a server that has ended. */
  async entries(): Promise<AlarmEntry[]> {
    const log = await AppendLog.open({ folder: this.#journal, log: silentLog() });
    const found: AlarmEntry[] = [];
    for await (const { payload } of log.read(1)) {
      const record = readRecord(payload);
      if (isEntry(record)) found.push(record);
    }
    await log.close();
    return found;
  }

  /** Paths of the files of the journal, the newest last. */
  get files(): string[] {
    return readdirSync(this.#journal)
      .filter((name) => /^\d.*\.log$/.test(name))
      .sort()
      .map((name) => join(this.#journal, name));
  }

  get #journal(): string {
    return join(this.directory, 'alarms', 'journal');
  }

  async #get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.server.url}${path}`)).json()) as T;
  }
}
