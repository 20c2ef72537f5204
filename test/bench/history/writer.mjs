// A process that only writes windows: `fenestra` through the product's own
// history thread, `diagnosing` with 200 diagnoses a second besides, `plain` with an appender into one DuckDB table.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNELS, INFOS, makeParcels, PARCEL_MS, WINDOWS_PER_SECOND } from './windows.mjs';

const BUILD = new URL('../../../build/', import.meta.url);
const COMMIT_MS = 50;
const WARM_S = 10; // until the code is compiled
const DIAGNOSES_MS = 5;
const [kind, folder, seconds] = process.argv.slice(2);
const parcels = await makeParcels(WARM_S + Number(seconds));
const result = await (kind === 'plain' ? runPlain() : runFenestra());
process.send(result);

async function runFenestra() {
  const { HistoryThread } = await import(new URL('server/history-thread.js', BUILD));
  const { Config } = await import(new URL('server/config.js', BUILD));
  const { createLog } = await import(new URL('server/base/log.js', BUILD));
  const { thread, ingestPort } = await HistoryThread.start({
    worker: new URL('server/history-worker.js', BUILD),
    wasm: new URL('assembly/kernels.wasm', BUILD),
    directory: folder,
    settings: Config.parse({}).history,
    logLevel: 'warn',
    log: createLog('bench', 'warn', process.stderr),
    logOutput: { write: (line) => process.stderr.write(line), lose: () => undefined },
  });
  for (const [number, info] of INFOS.entries()) ingestPort.postMessage({ kind: 'opened', number, info });
  const acks = [];
  const sentMs = [];
  let acked = 0;
  let due = [];
  const handOut = () => {
    const rows = due.reduce((sum, parcel) => sum + parcel.rows, 0);
    const buffer = concat(due);
    due = [];
    if (rows > 0) ingestPort.postMessage({ kind: 'windows', rows, buffer }, [buffer]);
    ingestPort.postMessage({ kind: 'asked' });
  };
  ingestPort.on('message', (message) => {
    if (message.kind === 'ask') handOut();
    if (message.kind !== 'durable') return;
    const mark = message.marks.find(({ channel }) => channel === INFOS[0].channel);
    const index = mark === undefined ? -1 : mark.nextSample / INFOS[0].window - 1;
    for (; acked <= index; acked++) acks.push(performance.now() - sentMs[acked]);
  });
  const diagnoses = kind === 'diagnosing' ? diagnose(thread) : undefined;
  const measured = await feed(
    (parcel, at) => {
      const perParcel = parcel.rows / CHANNELS;
      for (let i = 0; i < perParcel; i++) sentMs[at * perParcel + i] = performance.now();
      due.push(parcel);
    },
    { isOther: true },
  );
  clearInterval(diagnoses);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const { storedRows, commitP50Ms, commitP99Ms, diagnoses: kept } = thread.status();
  ingestPort.close();
  await thread.close();
  const warm = acks.slice(WARM_S * WINDOWS_PER_SECOND).sort((a, b) => a - b); // without the opening of all streams
  return {
    ...measured,
    storedRows,
    diagnoses: kept.stored,
    commitP50Ms,
    commitP99Ms,
    ackP50Ms: warm[warm.length >> 1],
    ackP99Ms: warm[Math.floor(warm.length * 0.99)],
    segmentBytes: statSync(join(folder, 'history', 'segment-000001.duckdb')).size,
    ...(await seal(join(folder, 'history'))),
  };
}

// Each channel twice a second, seven classes.
function diagnose(thread) {
  const startNs = BigInt(Date.now()) * 1_000_000n;
  let sent = 0;
  return setInterval(() => {
    const { channel, stream } = INFOS[sent % INFOS.length];
    const first = Math.floor(sent / INFOS.length) * 100;
    const endNs = startNs + BigInt(first + 972) * 5_000_000n;
    const probabilities = Float32Array.from({ length: 7 }, () => Math.random() / 7);
    const answer = {
      classIndex: sent % 5 === 0 ? 1 : 0,
      label: 'normal',
      probabilities: [...probabilities],
      unknownScore: 0.1,
    };
    thread.keep({
      ...{ channel, stream, first, points: 972, timeNs: endNs - 4_860_000_000n, endNs },
      ...{ model: 'plasma', version: '1', outcome: { kind: 'class', ...answer }, latencyMs: 12 },
    });
    sent++;
  }, DIAGNOSES_MS);
}

function concat(parcels) {
  const joined = new Uint8Array(parcels.reduce((sum, { buffer }) => sum + buffer.byteLength, 0));
  let at = 0;
  for (const { buffer } of parcels) {
    joined.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return joined.buffer;
}

async function seal(history) {
  const { Database } = await import(new URL('server/history/database.js', BUILD));
  const { Catalogue } = await import(new URL('server/history/catalogue.js', BUILD));
  const { Segment } = await import(new URL('server/history/segment.js', BUILD));
  const { sealSegment } = await import(new URL('server/history/seal.js', BUILD));
  const database = await Database.open({ memoryBytes: 2 ** 29, temporaryDirectory: join(history, 'temporary') });
  const catalogue = await Catalogue.open(database, history);
  await Segment.open(database, history, 1);
  const startMs = performance.now();
  const files = await sealSegment(database, catalogue, { folder: history, segment: 1 });
  const sealMs = performance.now() - startMs;
  await database.close();
  const bytesOf = (isOf) => files.filter(({ path }) => isOf(path)).reduce((sum, { bytes }) => sum + bytes, 0);
  const diagnosisBytes = bytesOf((path) => path.startsWith('diagnoses/'));
  return { sealMs, diagnosisBytes, sealedBytes: bytesOf(() => true) - diagnosisBytes };
}

async function runPlain() {
  const { DuckDBDataChunk, DuckDBInstance, BIGINT, DOUBLE, INTEGER } = await import('@duckdb/node-api');
  const { readWindowBatch } = await import(new URL('server/trend/window-batch.js', BUILD));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'plain.duckdb');
  const instance = await DuckDBInstance.create(file, { threads: '1' });
  const connection = await instance.connect();
  const columns = [
    'channel INTEGER',
    '"window" BIGINT',
    '"time" BIGINT',
    'min DOUBLE',
    'max DOUBLE',
    'mean DOUBLE',
    'm2 DOUBLE',
  ];
  await connection.run(
    `CREATE TABLE windows(${[...columns, 'count BIGINT', 'clipped BIGINT', 'nonfinite BIGINT', 'flags INTEGER'].join()})`,
  );
  const types = [INTEGER, BIGINT, BIGINT, DOUBLE, DOUBLE, DOUBLE, DOUBLE, BIGINT, BIGINT, BIGINT, INTEGER];
  let pending = [];
  let storedRows = 0;
  const commit = async () => {
    const rows = pending;
    if (rows.length === 0) return;
    pending = [];
    const appender = await connection.createAppender('windows');
    for (let from = 0; from < rows.length; from += 2048) {
      const part = rows.slice(from, from + 2048);
      const chunk = DuckDBDataChunk.create(types);
      chunk.setRows(part);
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    storedRows += rows.length;
  };
  const timer = setInterval(() => void commit(), COMMIT_MS);
  let csvBytes = 0;
  const measured = await feed(({ buffer }) => {
    readWindowBatch(
      buffer,
      (number) => ({ channel: number, stream: '', size: 0, rateHz: 1 }),
      ({ channel, index, timeNs, summary, flags }) => {
        const { min, max, mean, m2, count, clipped, nonfinite } = summary;
        pending.push([
          channel,
          BigInt(index),
          timeNs,
          min,
          max,
          mean,
          m2,
          BigInt(count),
          BigInt(clipped),
          BigInt(nonfinite),
          flags,
        ]);
      },
    );
  });
  clearInterval(timer);
  await commit();
  const [text] = (
    await connection.runAndReadAll(
      `SELECT sum(length(concat_ws(',', channel, "window", "time", min, max, mean, m2, count, clipped, nonfinite, flags)) + 1)::DOUBLE FROM windows`,
    )
  ).getRows();
  csvBytes = Number(text[0]);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  return { ...measured, storedRows, fileBytes: statSync(file).size, csvBytes };
}

/** Hands out the parcels as time goes; tells what the process used after the first seconds, without the thread that hands out where `isOther`. */
async function feed(send, { isOther = false } = {}) {
  const cpuMs = isOther ? otherThreadsMs : processMs;
  const startMs = performance.now();
  let from = { cpuMs: cpuMs(), atMs: startMs };
  for (const [at, parcel] of parcels.entries()) {
    const aheadMs = startMs + at * PARCEL_MS - performance.now();
    if (aheadMs > 1) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    if (at === (WARM_S * 1000) / PARCEL_MS) from = { cpuMs: cpuMs(), atMs: performance.now() };
    send(parcel, at);
  }
  const elapsedMs = performance.now() - from.atMs;
  const rows = CHANNELS * WINDOWS_PER_SECOND * (elapsedMs / 1000);
  return { cores: (cpuMs() - from.cpuMs) / elapsedMs, rows, elapsedMs };
}

function processMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

// All threads but the first, which hands out what other processes would. Linux tells, in ticks of 10 ms; elsewhere it counts too.
function otherThreadsMs() {
  try {
    const others = readdirSync('/proc/self/task').filter((id) => Number(id) !== process.pid);
    return others.reduce((sum, id) => sum + threadMs(`/proc/self/task/${id}/stat`), 0);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return processMs();
  }
}

function threadMs(path) {
  const fields = readFileSync(path, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
