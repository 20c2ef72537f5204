import { Diagnoser } from '../../server/model/diagnoser.ts';
import type { ModelManifest } from '../../server/model/manifest.ts';
import { toRunDiagnosis } from '../../server/model/run-diagnosis.ts';
import type { Diagnosis } from '../../server/trend/diagnosis.ts';
import { faultFromWords } from '../../server/trend/model-fault.ts';
import type { DiagnosisModel, ToldDiagnosis } from '../../server/wire/diagnoses.ts';
import type { Channel } from '../../server/wire/events.ts';
import type { ModelManifestReply } from '../../server/wire/models.ts';
import { sinceElsewhere, sinceNs } from '../../server/wire/since.ts';
import type { TrendBlock } from '../../server/wire/trend-frame.ts';
import { blockWindows } from './block-windows.ts';
import { type HostedModel, type HostedWorker, ModelHost } from './model-host.ts';
import { Parity, type ParityOptions, type ParityState } from './parity.ts';

/** What is asked of the server; all reject where it does not answer. */
export interface ModelServer {
  manifest(name: string): Promise<ModelManifestReply>;
  graph(name: string): Promise<Uint8Array>;
  compare: ParityOptions['compare'];
}

export interface BrowserDiagnosisOptions {
  /** The server's, as far as this page knows it. */
  readonly clock: { readonly nowMs: number | undefined };
  readonly models: ModelServer;
  /** What the server has found last of a channel. */
  readonly told: (channel: string) => ToldDiagnosis | undefined;
  readonly publish: (diagnoses: readonly ToldDiagnosis[]) => void;
  /** A model does otherwise now. */
  readonly onModel: () => void;
  /** What the comparison with the server came to has changed. */
  readonly onParity: () => void;
  readonly createWorker?: () => HostedWorker;
}

/** So long may a run wait here: who is slow is to see what is new, not what was minutes ago. */
const WAITING_MS = 2000;
// What did not come is asked for again.
const AGAIN_MS = 10_000;

/**
 * Diagnoses on this page what comes to it: the runs of all channels that name
 * a model, cut by the server's own cutter, looked at in a web worker and
 * compared with what the server made of them.
 */
export class BrowserDiagnosis {
  readonly #options: BrowserDiagnosisOptions;
  readonly #host: ModelHost;
  readonly #parity: Parity;
  #diagnoser: Diagnoser;
  #channels = new Map<string, Channel>();
  #told: readonly DiagnosisModel[] = [];
  /** The newest of each channel, as it was told. */
  readonly #newest = new Map<string, ToldDiagnosis>();
  /** Sequence number of the newest window that was taken of each channel. */
  readonly #taken = new Map<string, number>();
  readonly #loads = new Map<string, { isAgain: boolean }>();
  /** Why the version that the server uses is not used here: it is unfit, or did not come. */
  readonly #failures = new Map<string, { readonly state: 'unfit' | 'loading'; readonly reason: string }>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #dropped = 0;
  #isClosed = false;

  constructor(options: BrowserDiagnosisOptions) {
    this.#options = options;
    this.#host = new ModelHost({
      createWorker: options.createWorker ?? createWorker,
      onModel: (model) => this.#setModel(model),
    });
    this.#parity = new Parity({
      clock: options.clock,
      compare: (name, request) => options.models.compare(name, request),
      onChange: options.onParity,
    });
    this.#diagnoser = this.#createDiagnoser();
  }

  /** What the server tells of its models, as they do here. */
  get models(): readonly DiagnosisModel[] {
    return this.#told.map(({ reason: _, fault: __, ...model }) => {
      const hosted = this.#host.find(model.name);
      const failure = this.#failures.get(model.name);
      const { state = 'loading' } = hosted ?? failure ?? {};
      const reason = failure?.reason ?? hosted?.reason;
      const fault = reason === undefined ? undefined : faultFromWords(reason);
      return { ...model, state, ...(reason !== undefined && { reason }), ...(fault && { fault }) };
    });
  }

  /** Runs that were left out, since it began: they had waited for so long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How far this page agrees with the server, by model. */
  get parity(): ReadonlyMap<string, ParityState> {
    return this.#parity.states;
  }

  /** Takes what the server tells of its models: a version that is not here is fetched. */
  setModels(models: readonly DiagnosisModel[]): void {
    this.#told = models;
    for (const { name } of models) void this.#load(name);
  }

  setChannels(channels: readonly Channel[]): void {
    this.#channels = new Map(channels.map((channel) => [channel.name, channel]));
    for (const { name, unit } of channels) this.#diagnoser.setUnit(name, unit);
  }

  /** Takes a block of a channel as it comes in. Of the past, which comes beside, no run is made. */
  take(name: string, block: TrendBlock): void {
    const channel = this.#channels.get(name);
    if (channel?.model === undefined || block.lastSeq <= (this.#taken.get(name) ?? -1)) return;
    this.#taken.set(name, block.lastSeq);
    for (const window of blockWindows(channel, block)) this.#diagnoser.take(window);
  }

  /** Streams and sequence numbers start over. */
  restart(): void {
    this.#diagnoser.close();
    this.#parity.restart();
    this.#newest.clear();
    this.#taken.clear();
    this.#diagnoser = this.#createDiagnoser();
    this.setChannels([...this.#channels.values()]);
    for (const { name } of this.#told) {
      const model = this.#host.find(name);
      if (model !== undefined) this.#diagnoser.setModel({ name, state: model.state, model });
    }
  }

  /** Ends the worker. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#diagnoser.close();
    this.#parity.close();
    this.#host.close();
  }

  #createDiagnoser(): Diagnoser {
    const { clock } = this.#options;
    return new Diagnoser({
      clock: { nowMs: () => clock.nowMs ?? 0 }, // known before the first window comes
      runner: this.#host,
      modelOf: (channel) => this.#channels.get(channel)?.model,
      publish: (diagnosis) => this.#publish(diagnosis),
      waitingMs: WAITING_MS,
    });
  }

  #publish(diagnosis: Diagnosis): void {
    if (diagnosis.outcome.kind === 'dropped') this.#dropped++;
    this.#parity.keep(diagnosis);
    const run = toRunDiagnosis(diagnosis);
    const isSliding = this.#host.find(run.model)?.manifest.input.alignment.kind === 'sliding';
    const { publish, told: toldOf } = this.#options;
    const before = this.#newest.get(run.channel);
    const since = before ? sinceNs(run, before, isSliding) : sinceElsewhere(run, toldOf(run.channel), isSliding);
    const told = { ...run, sinceNs: since };
    this.#newest.set(run.channel, told);
    publish([told]);
  }

  /** One at a time of a model; what is told meanwhile is looked at once more. */
  async #load(name: string): Promise<void> {
    const under = this.#loads.get(name);
    if (under !== undefined) {
      under.isAgain = true;
      return;
    }
    const load = { isAgain: true };
    this.#loads.set(name, load);
    while (load.isAgain && !this.#isClosed) {
      load.isAgain = false;
      await this.#fetch(name, load);
    }
    this.#loads.delete(name);
    clearTimeout(this.#timers.get(name));
    if (!this.#failures.has(name) || this.#isClosed) return;
    this.#timers.set(
      name,
      setTimeout(() => void this.#load(name), AGAIN_MS),
    );
  }

  /** Manifest and graph come one after the other: of two versions where the server has taken another meanwhile, which it tells. */
  async #fetch(name: string, load: { readonly isAgain: boolean }): Promise<void> {
    const { models, onModel } = this.#options;
    try {
      const manifest = (await models.manifest(name)) as ModelManifest; // as its server has checked it
      const isHere = JSON.stringify(this.#host.find(name)?.manifest) === JSON.stringify(manifest);
      const graph = isHere ? undefined : await models.graph(name);
      if (load.isAgain) return;
      const unfit = graph && (await this.#host.open(manifest, graph));
      if (unfit === undefined) this.#failures.delete(name);
      else this.#failures.set(name, { state: 'unfit', reason: unfit });
    } catch (error) {
      this.#failures.set(name, { state: 'loading', reason: error instanceof Error ? error.message : String(error) });
    }
    if (!this.#isClosed) onModel();
  }

  #setModel(model: HostedModel): void {
    const { name } = model.manifest;
    this.#parity.setModel(model.manifest);
    this.#diagnoser.setModel({ name, state: model.state, model });
    this.#options.onModel();
  }
}

function createWorker(): HostedWorker {
  return new Worker(new URL('./model-worker.ts', import.meta.url), { type: 'module', name: 'models' });
}
