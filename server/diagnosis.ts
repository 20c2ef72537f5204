import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from './base/clock.ts';
import { AppError } from './base/errors.ts';
import type { Logger } from './base/log.ts';
import type { Config } from './config.ts';
import type { ModelSource } from './http/model-source.ts';
import { type KnownModel, ModelCatalogue } from './inference/model-catalogue.ts';
import type { ModelEntry } from './inference/model-state.ts';
import { ParityDesk } from './inference/parity.ts';
import { InferenceThread } from './inference-thread.ts';
import { INFERENCE_WORKER, MODELS } from './installed-files.ts';
import { Diagnoser } from './model/diagnoser.ts';
import type { ChannelInfo } from './trend/channel-info.ts';
import type { Diagnosis } from './trend/diagnosis.ts';
import { faultFromWords } from './trend/model-fault.ts';
import type { TrendWindow } from './trend/trend-window.ts';
import type { ModelReply, ModelsReply } from './wire/models.ts';
import type { DiagnosisReply } from './wire/rest.ts';

export interface DiagnosisOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly publish: (diagnosis: Diagnosis) => void;
  /** A model is known, or is another one from now on, or is not used any more. */
  readonly onModel: (entry: ModelEntry) => void;
  /** Where the build lies, for tests that run from source. */
  readonly worker?: URL | undefined;
}

/**
 * The stage that looks at the runs of channels whose settings name a model. It
 * starts by itself and holds nobody up: what is wrong with a model is told in
 * `problems`, and the runs of its channels are not looked at.
 */
export class DiagnosisStage {
  readonly #channels: Config['channels'];
  readonly #thread: InferenceThread;
  readonly #diagnoser: Diagnoser;
  readonly #catalogue: ModelCatalogue;
  readonly #parity: ParityDesk;

  constructor({ channels, diagnosis }: Config, options: DiagnosisOptions) {
    const { clock, log, publish, onModel, worker = INFERENCE_WORKER } = options;
    this.#channels = channels;
    const directory = diagnosis.directory === '' ? fileURLToPath(MODELS) : diagnosis.directory;
    const names = new Set(Object.values(channels).flatMap(({ model }) => model ?? []));
    this.#thread = new InferenceThread({
      worker,
      folders: new Map([...names].map((name) => [name, join(directory, name)])),
      log,
      onModel: (entry) => {
        this.#diagnoser.setModel(entry);
        onModel(entry);
      },
    });
    this.#parity = new ParityDesk({
      clock,
      versionOf: (name) => this.#thread.entries.find((entry) => entry.name === name)?.model?.manifest.version,
    });
    this.#diagnoser = new Diagnoser({
      clock,
      runner: this.#thread,
      modelOf: (channel) => channels[channel]?.model,
      publish: (diagnosis) => {
        this.#parity.keep(diagnosis);
        publish(diagnosis);
      },
    });
    this.#catalogue = new ModelCatalogue({ directory, entries: () => this.#thread.entries });
    void this.#thread.start();
  }

  /** The models that channels name, as they are now. */
  get models(): readonly ModelEntry[] {
    return this.#thread.entries;
  }

  /** For the routes. */
  get modelSource(): ModelSource {
    const catalogue = this.#catalogue;
    return {
      list: () => this.#listModels(),
      manifest: (name) => catalogue.manifest(name),
      report: (name) => catalogue.report(name),
      card: (name, language) => catalogue.card(name, language),
      examples: (name) => catalogue.examples(name),
      graph: (name) => catalogue.graph(name),
      swap: async (name, folder) => {
        this.#expectUsed(name);
        await this.#thread.swap(name, await catalogue.folderOf(name, folder));
      },
      rollBack: async (name) => {
        this.#expectUsed(name);
        await this.#thread.rollBack(name);
      },
      compare: (name, { version, runs }) => {
        this.#expectUsed(name);
        const found = runs.map(({ fromNs, ...run }) => ({ ...run, timeNs: BigInt(fromNs) }));
        return this.#parity.compare(name, version, found);
      },
    };
  }

  setChannel({ channel, unit }: ChannelInfo): void {
    this.#diagnoser.setUnit(channel, this.#channels[channel]?.unit ?? unit);
  }

  take(window: TrendWindow): void {
    this.#diagnoser.take(window);
  }

  figures(): DiagnosisReply {
    const { batchP50Ms, batchP99Ms, latencyP50Ms, latencyP99Ms, ...figures } = this.#diagnoser.figures();
    const { problem, ...threads } = this.#thread.figures();
    return {
      ...figures,
      models: this.#thread.entries.map((entry) => modelReply(entry, this.#parity.totals(entry.name))),
      channels: Object.entries(this.#channels).flatMap(([channel, { model }]) =>
        model === undefined ? [] : [this.#channelReply(channel, model)],
      ),
      batchMs: { p50: batchP50Ms, p99: batchP99Ms },
      latencyMs: { p50: latencyP50Ms, p99: latencyP99Ms },
      threads,
      ...(problem !== undefined && { problem }),
    };
  }

  /** Models that channels name and whose runs nobody looks at. */
  get failing(): number {
    return this.#thread.entries.filter(({ state }) => state !== 'ready' && state !== 'loading').length;
  }

  /** Why runs are not looked at, in words. */
  problems(): string[] {
    const problems = this.#thread.entries.flatMap(({ name, state, reason }) =>
      state === 'unfit' || state === 'quarantined' ? [`nothing is diagnosed by the model ${name}: ${reason}`] : [],
    );
    const { problem } = this.#thread.figures();
    return problem === undefined ? problems : [...problems, `no thread runs the models: ${problem}`];
  }

  /**
   * Nothing is published any more, and its threads are ended; nobody waits for
   * that, as they hold nothing, and V8 first finishes what it compiles for them:
   * seconds of a busy machine.
   */
  close(): void {
    this.#diagnoser.close();
    void this.#thread.close();
  }

  async #listModels(): Promise<ModelsReply> {
    const known = await this.#catalogue.list();
    const { models: _, channels: __, ...inference } = this.figures();
    const replies = known.map((model) => {
      return toModelReply(model, this.#channelsOf(model.name), this.#parity.totals(model.name));
    });
    return { models: replies, inference };
  }

  #channelsOf(name: string): string[] {
    return Object.entries(this.#channels).flatMap(([channel, { model }]) => (model === name ? [channel] : []));
  }

  #expectUsed(name: string): void {
    if (this.#thread.entries.some((entry) => entry.name === name)) return;
    throw new AppError('MODEL_UNKNOWN', `no channel uses a model ${name}, expected one that GET /api/models lists so`);
  }

  #channelReply(channel: string, model: string): DiagnosisReply['channels'][number] {
    const entry = this.#thread.entries.find(({ name }) => name === model);
    const mismatch = this.#diagnoser.mismatch(channel);
    const isUsed = entry === undefined || entry.state === 'ready' || entry.state === 'loading';
    const reason = isUsed ? mismatch : entry.reason;
    if (reason !== undefined) return { channel, model, outcome: 'unavailable', reason };
    const newest = this.#diagnoser.newest(channel);
    if (newest === undefined) return { channel, model, outcome: 'none' };
    const { outcome, ageMs } = newest;
    const { kind } = outcome;
    return {
      ...{ channel, model, outcome: kind, ageMs },
      ...('label' in outcome && { label: outcome.label }),
      ...('reason' in outcome && { reason: outcome.reason }),
    };
  }
}

type ParityOf = DiagnosisReply['models'][number]['parity'];

function modelReply(
  { name, state, model, previous, cuts, reason }: ModelEntry,
  parity: ParityOf,
): DiagnosisReply['models'][number] {
  return {
    name,
    state,
    cuts,
    ...(model && { version: model.manifest.version }),
    ...(previous && { previousVersion: previous.manifest.version }),
    ...(reason !== undefined && { reason }),
    ...(parity && { parity }),
  };
}

function toModelReply(model: KnownModel, channels: readonly string[], parity: ParityOf): ModelReply {
  const { name, state, reason, cuts, manifest, previous, folders } = model;
  const fault = reason === undefined ? undefined : faultFromWords(reason);
  const learner = manifest?.training.learner;
  return {
    name,
    state,
    cuts,
    channels,
    folders,
    ...(reason !== undefined && { reason }),
    ...(fault && { fault }),
    ...(manifest && {
      version: manifest.version,
      sha256: manifest.sha256,
      data: manifest.data,
      metrics: manifest.metrics,
    }),
    ...(typeof learner === 'string' && { learner }),
    ...(previous && { previousVersion: previous.version }),
    ...(parity && { parity }),
  };
}
