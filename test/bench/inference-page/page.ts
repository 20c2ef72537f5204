import { ModelHost } from '../../../client/inference/model-host.ts';
import type { ModelManifest } from '../../../server/model/manifest.ts';
import { BARE_CHANNEL, type BareAnswer, type BareRequest } from './messages.ts';

export interface InferenceTimes {
  /** Of the runtime alone, in the worker. */
  readonly bareMs: number;
  /** Of ours, from the page's question to its answer. */
  readonly oursMs: number;
}

declare global {
  interface Window {
    /** The best of so many rounds, turn by turn. `graph` in base64. */
    measure(manifest: ModelManifest, graph: string, count: number, rounds: number): Promise<InferenceTimes>;
  }
}

window.measure = async (manifest, graph, count, rounds) => {
  const bytes = Uint8Array.from(atob(graph), (letter) => letter.charCodeAt(0));
  const host = new ModelHost({ createWorker, onModel() {} });
  await host.open(manifest, bytes);
  const opened = host.find(manifest.name);
  if (opened?.state !== 'ready') throw new Error(opened?.reason ?? 'not opened');
  const channel = new BroadcastChannel(BARE_CHANNEL);
  await ask(channel, { kind: 'open', bytes });

  const { name, rows, length, layout } = manifest.input;
  const shape = layout === 'flat' ? [count, rows.length * length] : [count, rows.length, length];
  let [bareMs, oursMs] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    const values = Float32Array.from({ length: count * rows.length * length }, () => Math.random() - 0.5);
    const answer = await ask(channel, { kind: 'run', input: name, values, shape });
    if (answer.kind === 'ran') bareMs = Math.min(bareMs, answer.ms);
    const beganMs = performance.now();
    const end = await host.run(manifest, values, count);
    if (end.kind !== 'done') throw new Error(end.reason);
    oursMs = Math.min(oursMs, performance.now() - beganMs);
  }
  host.close();
  channel.close();
  return { bareMs, oursMs };
};

function createWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
}

function ask(channel: BroadcastChannel, request: BareRequest): Promise<BareAnswer> {
  return new Promise((resolve) => {
    channel.onmessage = ({ data }: MessageEvent<BareAnswer>) => resolve(data);
    channel.postMessage(request);
  });
}
