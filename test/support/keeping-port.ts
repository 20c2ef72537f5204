import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { DurableMark, FromHistory, ToHistory } from '../../server/trend/durable-link.ts';
import { type TrendWindow, WindowFlag } from '../../server/trend/trend-window.ts';
import { readWindowBatch } from '../../server/trend/window-batch.ts';

const ASK_MS = 5;

/** For an ingest thread: leads to a history without a disk, to which everything is safe as soon as it comes. */
export function keepingPort(): MessagePort {
  return open(() => undefined).port;
}

export interface KeepingHistory {
  /** For the ingest thread. */
  readonly port: MessagePort;
  /** All that came, in order. */
  readonly windows: readonly TrendWindow[];
  /** Says that windows from there on are lost, so that the device sends them again. */
  giveUp(mark: Omit<DurableMark, 'partSamples'>): void;
}

/** The same, and what came. */
export function keepingHistory(): KeepingHistory {
  const windows: TrendWindow[] = [];
  const { port, post } = open((window) => windows.push(window));
  return { port, windows, giveUp: (mark) => post({ kind: 'resend', marks: [mark] }) };
}

function open(onWindow: (window: TrendWindow) => void) {
  const { port1: history, port2: port } = new MessageChannel();
  const infos = new Map<number, ChannelInfo>();
  const keyOf = (number: number) => {
    const { channel, stream, window: size, rateHz } = infos.get(number)!;
    return { channel, stream, size, rateHz };
  };
  const post = (message: FromHistory) => history.postMessage(message);
  const asking = setInterval(() => post({ kind: 'ask' }), ASK_MS).unref();
  history.once('close', () => clearInterval(asking));
  history.on('message', (parcel: ToHistory) => {
    if (parcel.kind === 'opened') infos.set(parcel.number, parcel.info);
    if (parcel.kind !== 'windows') return;
    const marks = new Map<string, DurableMark>();
    readWindowBatch(parcel.buffer, keyOf, (window) => {
      const { channel, stream, index, size, flags, summary } = window;
      const isPart = (flags & WindowFlag.Partial) !== 0;
      const partSamples = isPart ? summary.count + summary.nonfinite : 0;
      marks.set(`${channel} ${stream}`, {
        channel,
        stream,
        nextSample: (isPart ? index : index + 1) * size,
        partSamples,
      });
      onWindow(window);
    });
    post({ kind: 'taken', rows: parcel.rows });
    post({ kind: 'durable', marks: [...marks.values()] });
  });
  history.unref();
  return { port, post };
}
