import type { Diagnosis } from '../trend/diagnosis.ts';
import type {
  DiagnosisCount,
  DiagnosisHistory,
  DiagnosisMixRequest,
  DiagnosisPage,
  DiagnosisPageRequest,
  DiagnosisRequest,
  StoredDiagnosis,
} from '../trend/diagnosis-history.ts';
import { heldEndNs, heldNs } from '../trend/time-range.ts';
import { quoted } from './database.ts';
import { readDiagnosisPage } from './diagnosis-export.ts';
import type { KnownDiagnoses } from './diagnosis-intake.ts';
import { KIND, SLOT_NS } from './diagnosis-pieces.ts';
import { endsIn, readDiagnosisRange, timestamp, toKind, wholeSteps } from './diagnosis-range.ts';
import { type DiagnosisSourceOptions, type DiagnosisSources, readDiagnoses } from './diagnosis-sources.ts';
import { rowsOfFiles, toDiagnosis } from './diagnosis-table.ts';
import type { Reader } from './reader.ts';

export interface DiagnosisReaderOptions extends Omit<DiagnosisSourceOptions, 'signal'> {
  readonly reader: Pick<Reader, 'use'>;
}

/** Finds diagnoses again. All of it rejects with `HISTORY_FAILED`, and with the reason of `signal`. */
export class DiagnosisReader {
  readonly #options: DiagnosisReaderOptions;

  constructor(options: DiagnosisReaderOptions) {
    this.#options = options;
  }

  /** Spans or buckets of a channel. */
  range(request: DiagnosisRequest, signal?: AbortSignal): Promise<DiagnosisHistory> {
    const { channel } = request;
    const held = { ...request, fromNs: heldNs(request.fromNs), toNs: heldEndNs(request.toNs) };
    return this.#read(`diagnoses of ${channel}`, { channel, read: (from) => readDiagnosisRange(from, held) }, signal);
  }

  /**
   * The diagnosis that speaks for a moment of a channel: the one whose stretch
   * holds it, else the first that was made of a run that holds it; undefined
   * where there is none, or its row is kept no more.
   */
  at(channel: string, timeNs: bigint, signal?: AbortSignal): Promise<StoredDiagnosis | undefined> {
    const ns = heldNs(timeNs);
    const read = async (from: DiagnosisSources) => {
      const paths = await from.open(0, [{ afterNs: ns, toNs: ns + 1n }]);
      const holds = (value: (ns: bigint) => string) => `time <= ${value(ns)} AND "end" > ${value(ns)}`;
      const sealed = paths.length === 0 ? '' : `UNION ALL ${rowsOfFiles(paths, holds(timestamp))}`;
      const [row] = await from.rows(`SELECT * FROM (${from.unsealed(holds(String))} ${sealed})
        ORDER BY since <= ${ns} DESC, "end", stream, "window", model, version LIMIT 1`);
      return row && toDiagnosis(row);
    };
    return this.#read(`a diagnosis of ${channel}`, { channel, read }, signal);
  }

  /** How many diagnoses of each kind each channel has. */
  mix(request: DiagnosisMixRequest, signal?: AbortSignal): Promise<DiagnosisCount[]> {
    const range = wholeSteps({ fromNs: heldNs(request.fromNs), toNs: heldEndNs(request.toNs) }, SLOT_NS);
    const ofModel = request.model === undefined ? 'true' : `model = ${quoted(request.model)}`;
    const read = async (from: DiagnosisSources) => {
      const paths = await from.open(1, [range]);
      const sealed =
        paths.length === 0
          ? ''
          : `UNION ALL SELECT channel, ${KIND}, "count" FROM read_parquet([${paths.map(quoted).join()}], hive_partitioning = false)
             WHERE ${endsIn(range, timestamp)}`;
      const rows = await from.rows(`
        SELECT channel, ${KIND}, sum("count")::DOUBLE FROM (
          SELECT channel, ${KIND}, 1 AS "count" FROM (${from.unsealed(endsIn(range, String))}) ${sealed}
        ) WHERE ${ofModel} GROUP BY ALL ORDER BY ALL`);
      return rows.map(([channel, ...values]) => ({
        ...{ channel: String(channel), ...toKind(values), count: Number(values[5]) },
      }));
    };
    return this.#read('the mix of diagnoses', { channel: undefined, read }, signal);
  }

  /** A page of all rows of a channel. */
  page(request: DiagnosisPageRequest, signal?: AbortSignal): Promise<DiagnosisPage> {
    const { channel } = request;
    const held = { ...request, fromNs: heldNs(request.fromNs), toNs: heldEndNs(request.toNs) };
    return this.#read(`diagnoses of ${channel}`, { channel, read: (from) => readDiagnosisPage(from, held) }, signal);
  }

  /** What is stored of the stream and model of a diagnosis, from its run on. */
  find({ channel, stream, first, timeNs, model, version }: Diagnosis): Promise<KnownDiagnoses> {
    const ns = heldNs(timeNs);
    const isOfLine = [
      ...[`channel = ${quoted(channel)}`, `stream = ${quoted(stream)}`],
      ...[`model = ${quoted(model)}`, `version = ${quoted(version)}`],
    ].join(' AND ');
    const read = async (from: DiagnosisSources) => {
      const paths = await from.open(0, [{ afterNs: ns, toNs: heldNs(2n ** 63n) }]);
      const sealed = paths.length === 0 ? '' : `UNION ALL ${rowsOfFiles(paths, isOfLine)}`;
      const [[newest, isStored]] = await from.rows(`
        SELECT max("window")::DOUBLE, coalesce(bool_or("window" = ${first}), false)
        FROM (${from.unsealed(isOfLine)} ${sealed})`);
      return { newest: newest === null ? undefined : Number(newest), isStored: Boolean(isStored) };
    };
    return this.#read(`diagnoses of ${channel}`, { channel, read });
  }

  #read<T>(
    what: string,
    reading: { readonly channel: string | undefined; readonly read: (from: DiagnosisSources) => Promise<T> },
    signal?: AbortSignal,
  ): Promise<T> {
    const { reader, ...options } = this.#options;
    return reader.use(what, (connection) => readDiagnoses(connection, { ...options, signal }, reading), signal);
  }
}
