import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { Config } from '../../server/config.ts';
import type { HistoryStart } from '../../server/history-thread.ts';
import { Folder } from '../support/folder.ts';
import { startHistoryThread } from '../support/history-thread.ts';
import { runs } from '../support/runs.ts';

// A process that keeps diagnoses, and whose history seals every two seconds, is
// killed again and again; its history says how many are durable, at the latest a second after.

const KILLS = runs(3, 60);
const BUILD = new URL('../../build/', import.meta.url);
const RUN_NS = 5_000_000n;
const EVERY_MS = 5;
const folder = new Folder();
let child: ChildProcess | undefined;
let start: HistoryStart | undefined;

afterEach(async () => {
  child?.kill('SIGKILL');
  await start?.thread.close();
  start = undefined;
});

it(`a server that is killed ${KILLS} times has each diagnosis that it said is stored, once, and its figures agree`, async () => {
  let sent = 0; // the first one that the next process sends
  const acknowledged: (readonly [from: number, stored: number])[] = [];

  for (let kill = 0; kill < KILLS; kill++) {
    const { stored, newest } = await keepAndKill(sent);
    acknowledged.push([sent, stored]);
    sent = newest + 1;
  }

  start = await startHistoryThread(folder.path());
  const { thread } = start;
  const count = async (from: number, to: number) => {
    const range = { channel: 'lamp', fromNs: BigInt(from) * RUN_NS, toNs: BigInt(to) * RUN_NS, columns: KILLS + 1 };
    const answer = await thread.diagnoses(range);
    return answer.form === 'spans' ? answer.spans.reduce((sum, span) => sum + span.count, 0) : Number.NaN;
  };
  // Runs neither overlap nor leave time between them, so each is in the range of its own time alone.
  const kept = await Promise.all(acknowledged.map(([from, stored]) => count(from, from + stored)));
  const all = await count(0, sent);
  const [mix] = await thread.diagnosisMix({ fromNs: 0n, toNs: BigInt(sent) * RUN_NS, model: undefined });

  expect(kept).toEqual(acknowledged.map(([, stored]) => stored));
  expect(mix?.count).toBe(all);
  expect(all).toBeLessThanOrEqual(sent);
  expect(Math.min(...kept)).toBeGreaterThan(0);
  console.log(`${sent} diagnoses, ${all} kept; acknowledged ${kept.join(', ')}`);
}, 3_600_000);

/** Keeps diagnoses from `from` on in a process that is killed; returns how many it said are stored, and the newest it sent. */
async function keepAndKill(from: number): Promise<{ stored: number; newest: number }> {
  const data = {
    wasm: new URL('assembly/kernels.wasm', BUILD).href,
    directory: folder.path(),
    settings: { ...Config.parse({}).history, segment_seconds: 2 },
    logLevel: 'error',
  };
  const worker = new URL('program/history-worker.js', BUILD).href;
  child = spawn(process.execPath, ['--input-type=module', '-e', KEEPER], {
    env: { ...process.env, KEEPER: JSON.stringify({ data, worker, from, everyMs: EVERY_MS, runNs: Number(RUN_NS) }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const figures = () => said.trimEnd().split('\n').at(-1)!.split(' ').map(Number);
  await expect.poll(() => figures()[0] ?? 0, { interval: 20 }).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 4000));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const whole = said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1)!;
  const [stored, newest] = whole.split(' ').map(Number) as [number, number];
  return { stored, newest: newest + 2000 / EVERY_MS }; // it may have sent some since it said so
}

// As the main thread does it; every message of the status is a line: how many are stored, and the newest that was sent.
const KEEPER = `
  import { MessageChannel, Worker } from 'node:worker_threads';
  const { data, worker: url, from, everyMs, runNs } = JSON.parse(process.env.KEEPER);
  const { port1, port2 } = new MessageChannel();
  port2.on('message', ({ kind }) => kind === 'ask' && port2.postMessage({ kind: 'asked' }));
  const workerData = { ...data, ingestPort: port1 };
  const worker = new Worker(new URL(url), { workerData, transferList: [port1], execArgv: [] });
  let first = from;
  worker.on('message', (message) => {
    if (message.kind === 'status') console.log(message.status.diagnoses.stored, first - 1);
    if (message.kind === 'refused') throw new Error(message.message);
    if (message.kind !== 'ready') return;
    setInterval(() => {
      const timeNs = BigInt(first) * BigInt(runNs);
      const outcome = { kind: 'class', classIndex: 0, label: 'normal', probabilities: [0.75, 0.25], unknownScore: 0.1 };
      const text = { channel: 'lamp', stream: 'a', model: 'plasma', version: '1' };
      const run = { first, points: 1, timeNs, endNs: timeNs + BigInt(runNs), latencyMs: 1 };
      worker.postMessage({ kind: 'diagnoses', diagnoses: [{ ...text, ...run, outcome }] });
      first++;
    }, everyMs);
  });
`;
