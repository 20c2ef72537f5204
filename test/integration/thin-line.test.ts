import { afterEach, expect, it } from 'vitest';
import { blockBytes } from '../../server/wire/trend-frame.ts';
import { type HubServer, startHub } from '../support/hub-server.ts';
import { ThinLine } from '../support/thin-line.ts';
import { TestViewer } from '../support/viewer.ts';

// The hub over 5 Mbit/s with a round trip of 100 ms. What may come before what
// is counted in bytes; times are printed.

const NAMES = Array.from({ length: 16 }, (_, i) => `PMT-${i + 1}`);
const WINDOWS_PER_SECOND = 200;
const PAST = 10 * WINDOWS_PER_SECOND;
const IN_FLIGHT_OF_PAST = 56 * 1024;

const undo: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

it('brings the present before the past to who fills it, and after it to who does not', async () => {
  const { server, open } = await start();
  const fills = await open();
  const startMs = performance.now();
  const { channels } = await fills.subscribe([{ name: '*' }]);
  const filled = fills.fill(channels.map(({ name, from }) => ({ name, ranges: [{ from: from - PAST, to: from }] })));
  await fills.until(() => views(fills).every(({ windows }) => windows > 0));
  const liveMs = performance.now() - startMs;
  await filled;
  const wholeMs = performance.now() - startMs;

  for (const { pastBytesBefore, past, name } of views(fills)) {
    expect(pastBytesBefore).toBeLessThanOrEqual(IN_FLIGHT_OF_PAST);
    const { from } = channels.find((channel) => channel.name === name)!;
    expect(joined(past)).toEqual([{ from: from - PAST, to: from }]);
  }
  expect([fills.missing, fills.doubled]).toEqual([0, 0]);
  await fills.close();

  const waits = await open();
  const waitsMs = performance.now();
  const { fed } = server;
  await waits.subscribe([{ name: '*', lastSeconds: PAST / WINDOWS_PER_SECOND }]);
  await waits.until(() => views(waits).every(({ next }) => next > fed));
  expect(waits.bytes).toBeGreaterThan(NAMES.length * blockBytes(PAST));
  console.log(
    `16 channels, 10 s, 5 Mbit/s, 100 ms: first of the present after ${liveMs.toFixed()} ms and the past after ` +
      `${wholeMs.toFixed()} ms; with the past before it after ${(performance.now() - waitsMs).toFixed()} ms`,
  );
});

it('brings every window once, however often the line breaks in the middle of the past', async () => {
  const { open } = await start();
  const got = new Map<string, { from: number; to: number }[]>(NAMES.map((name) => [name, []]));
  let first: number | undefined;
  let viewer = await open();
  for (let round = 0; ; round++) {
    const { channels } = await viewer.subscribe([{ name: '*' }]);
    first ??= channels[0].from - PAST;
    const filled = viewer.fill(
      channels
        .map(({ name, from }) => ({ name, ranges: missing(joined(got.get(name)!), first!, from) }))
        .filter(({ ranges }) => ranges.length > 0),
    );
    const isLast = round === 6;
    await (isLast ? filled : Promise.race([filled, new Promise((resolve) => setTimeout(resolve, 300 + 100 * round))]));
    filled.catch(() => {}); // of a viewer that was reset
    await viewer.reset();
    for (const { name, past, next } of views(viewer)) {
      const { from } = channels.find((channel) => channel.name === name)!;
      got.get(name)!.push(...past, ...(next > from ? [{ from, to: next }] : []));
    }
    expect([viewer.missing, viewer.doubled]).toEqual([0, 0]);
    if (isLast) break;
    viewer = await open();
  }

  for (const ranges of got.values()) {
    const [whole, ...others] = joined(ranges);
    expect(others).toEqual([]);
    expect(whole.from).toBe(first);
    expect(ranges.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(whole.to - whole.from);
  }
});

async function start(): Promise<{ server: HubServer; open(): Promise<TestViewer> }> {
  const server = await startHub(NAMES, { server: { allowed_hosts: ['127.0.0.1'] } });
  undo.push(() => server.close());
  server.feed(2 * PAST);
  undo.push(server.stream(WINDOWS_PER_SECOND));
  const line = await ThinLine.start({ host: '127.0.0.1', port: server.port }, { bitsPerSecond: 5e6, delayMs: 50 });
  undo.push(() => line.close());
  const open = async () => {
    const viewer = await TestViewer.open(`http://127.0.0.1:${line.address.port}`);
    undo.push(() => viewer.reset());
    return viewer;
  };
  return { server, open };
}

function views(viewer: TestViewer) {
  return Array.from(viewer.viewed.values());
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The same numbers in as few ranges as there are, in rising order. */
function joined(ranges: readonly Range[]): Range[] {
  const whole: { from: number; to: number }[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else whole.push({ from, to });
  }
  return whole;
}

/** What `ranges`, in rising order, leave out of from .. to-1. */
function missing(ranges: readonly Range[], from: number, to: number): Range[] {
  const edges = [{ from, to: from }, ...ranges, { from: to, to }];
  return edges
    .slice(1)
    .map((range, i) => ({ from: edges[i].to, to: range.from }))
    .filter((range) => range.from < range.to);
}
