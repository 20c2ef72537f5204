import { createActionId, sendAlarmAction } from './net/alarm-actions.ts';
import { BoardClient } from './net/boards.ts';
import { CaptureClient } from './net/captures.ts';
import { DefinitionClient } from './net/definitions.ts';
import { ModelClient } from './net/models.ts';
import type { Fetch } from './net/request.ts';
import { SessionClient } from './net/session.ts';
import { signedFetch } from './net/signed.ts';
import { systemTimers } from './net/system-timers.ts';
import { AlarmDesk, type AlarmDeskOptions } from './store/alarm-desk.ts';
import { CaptureDesk } from './store/capture-desk.ts';
import { PersonDesk } from './store/person.ts';

/** What a person changes from here, and who they are. */
export class Acting {
  readonly person: PersonDesk;
  /** Signs what it sends, and asks for a name or the secret where the server does. */
  readonly fetch: Fetch;
  readonly captures: CaptureClient;
  readonly captureDesk: CaptureDesk;
  readonly models: ModelClient;
  readonly boards: BoardClient;
  readonly definitions: DefinitionClient;
  readonly #storage: () => Storage;

  constructor(fetch: Fetch, storage: () => Storage) {
    this.#storage = storage;
    const session = new SessionClient(fetch);
    const person = new PersonDesk({
      storage,
      enter: (secret) => session.enter(secret),
      leave: () => session.leave(),
      look: () => session.look(),
    });
    this.person = person;
    this.fetch = signedFetch(fetch, {
      get name() {
        return person.value.name;
      },
      ask: (want) => person.ask(want),
    });
    this.captures = new CaptureClient(this.fetch);
    this.captureDesk = new CaptureDesk((request) => this.captures.record(request));
    this.models = new ModelClient(this.fetch);
    this.boards = new BoardClient(this.fetch);
    this.definitions = new DefinitionClient(this.fetch);
  }

  /** What is done to alarms. */
  createAlarmDesk({ learn, holdMs }: Pick<AlarmDeskOptions, 'learn' | 'holdMs'>): AlarmDesk {
    return new AlarmDesk({
      send: (action, sending) => sendAlarmAction(this.fetch, action, sending),
      learn,
      createId: createActionId,
      signer: () => this.person.value.name,
      storage: this.#storage,
      after: (delayMs, run) => systemTimers.after(delayMs, run),
      nowMs: () => Date.now(),
      holdMs,
    });
  }
}
