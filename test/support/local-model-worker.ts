import { createHash } from 'node:crypto';
import type { FromModelWorker, ToModelWorker } from '../../client/inference/messages.ts';
import type { HostedWorker } from '../../client/inference/model-host.ts';
import { RunnableModel } from '../../server/model/runnable-model.ts';

/** What the workers of a test do, and how many there are. */
export interface LocalWorkers {
  /** The runtime comes to none. */
  isOffline: boolean;
  /** None answers a batch. */
  hangs: boolean;
  alive: number;
}

/** The worker of a page on this thread: real graphs in the real runtime. */
export class LocalModelWorker implements HostedWorker {
  onmessage: HostedWorker['onmessage'] = null;
  onerror: HostedWorker['onerror'] = null;
  readonly #workers: LocalWorkers;
  readonly #models = new Map<string, RunnableModel>();
  #isEnded = false;

  constructor(workers: LocalWorkers) {
    this.#workers = workers;
    workers.alive++;
    const reason = 'the runtime did not come: no line';
    queueMicrotask(() => this.#say(workers.isOffline ? { kind: 'failed', reason, isBroken: true } : { kind: 'ready' }));
  }

  postMessage(message: ToModelWorker): void {
    void this.#answer(message).then((answer) => this.#say(answer));
  }

  terminate(): void {
    this.#isEnded = true;
    this.#workers.alive--;
  }

  #say(data: FromModelWorker): void {
    if (!this.#isEnded) this.onmessage?.({ data } as MessageEvent<FromModelWorker>);
  }

  async #answer(message: ToModelWorker): Promise<FromModelWorker> {
    if (message.kind === 'run') {
      if (this.#workers.hangs) await new Promise(() => {});
      const outputs = await (this.#models.get(message.model) as RunnableModel).run(message.values);
      return { kind: 'done', outputs, ms: 1 };
    }
    const { manifest, bytes } = message;
    const isSame = createHash('sha256').update(bytes).digest('hex') === manifest.sha256;
    if (!isSame) return { kind: 'failed', reason: 'the SHA-256 of its graph is another one', isBroken: false };
    this.#models.set(manifest.name, await RunnableModel.open({ manifest, bytes }));
    return { kind: 'opened' };
  }
}
