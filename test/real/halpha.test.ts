import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { openSource } from '../../server/ingest/replay/open-source.ts';
import { replay } from '../../server/ingest/replay/replay.ts';
import { RecordingWriter } from '../../server/sigmf/recording-writer.ts';
import { formatTime } from '../../server/sigmf/time.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { RowFlag } from '../../server/wire/row-flag.ts';
import type { TrendBlock } from '../../server/wire/trend-frame.ts';
import { COMMAND } from '../support/command.ts';
import {
  type Discharge,
  dischargeSource,
  HALPHA_FILE,
  HALPHA_RATE_HZ,
  type PlainWindow,
  readDischarges,
  reducePlainly,
} from '../support/halpha.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { hasData } from '../support/tools.ts';
import { TestViewer } from '../support/viewer.ts';

// Every tokamak discharge by every way there is, against a reduction that shares no code with ours.

const WINDOW = 100;
const WINDOW_NS = BigInt((WINDOW * 1e9) / HALPHA_RATE_HZ);

describe.skipIf(!hasData(HALPHA_FILE))('47 tokamak discharges', () => {
  let discharges: readonly Discharge[];
  let folder: string;
  let server: TestServer;

  beforeAll(async () => {
    discharges = readDischarges();
    folder = mkdtempSync(join(tmpdir(), 'fenestra-halpha-'));
    server = await startServer();
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('come through socket, WASM, hub and WebSocket point by point', async () => {
    const viewer = await TestViewer.open(server.url, { keepsBlocks: true });
    await viewer.subscribe([{ name: '*' }]);
    const startMs = performance.now();

    const expected = discharges.map(({ samples }) => reducePlainly(samples, WINDOW));
    let windows = 0;
    for (const [i, discharge] of discharges.entries()) {
      await send(discharge, server);
      windows += expected[i]!.length;
      await viewer.until(() => viewer.windows >= windows); // a viewer far behind would get coarser rows
    }
    const seconds = (performance.now() - startMs) / 1000;

    for (const [i, discharge] of discharges.entries()) {
      expectRows(viewer.view(channelOf(discharge)).blocks, discharge, expected[i]!);
    }
    expect([discharges.length, viewer.windows, viewer.missing, viewer.doubled]).toEqual([47, windows, 0, 0]);
    console.log(`${windows} windows of ${discharges.length} discharges compared, sent in ${seconds.toFixed(2)} s`);

    const { ledger } = (await (await fetch(`${server.url}/api/system`)).json()) as SystemReply;
    for (const discharge of discharges) {
      const { length } = discharge.samples;
      expect(ledger.find(({ channel }) => channel === channelOf(discharge))).toMatchObject({
        received: length,
        reduced: length,
        expected: length,
        pending: 0,
        missing: 0,
        gaps: 0,
        duplicate: 0,
        late: 0,
        nonfinite: 0,
        imbalances: [],
      });
    }
    await viewer.close();
  });

  it('come to the same windows in fenestra reduce', () => {
    for (const discharge of discharges) {
      const path = join(folder, `${discharge.record}.csv`);
      const rows = discharge.timesMs.map((time, i) => `${time},${discharge.samples[i]}`);
      writeFileSync(path, ['time_ms,h_alpha', ...rows, ''].join('\n'));

      reduce(path, '--column', 'h_alpha', '--time-column', 'time_ms', '--time-unit', 'ms');

      const timeOf = (window: number) => ((window * WINDOW) / HALPHA_RATE_HZ).toFixed(9);
      expectCsv(readFileSync(`${path}.out.csv`, 'utf8'), discharge, timeOf);
    }
  });

  it('written as SigMF, read back the same bytes and reduce to the same windows', async () => {
    const discharge = discharges.at(-1)!;
    const { epochNs } = dischargeSource(discharge);
    const base = join(folder, 'discharge');
    const writer = await RecordingWriter.create(base, { datatype: 'rf64_le', rateHz: HALPHA_RATE_HZ, unit: 'a.u.' });
    await writer.append(new Uint8Array(discharge.samples.buffer));
    await writer.finish({ captures: [{ 'core:sample_start': 0, 'core:datetime': formatTime(epochNs!) }] });

    const source = await openSource(`${base}.sigmf-meta`, {});
    const pieces: Buffer[] = [];
    for await (const { bytes } of source.runs()) pieces.push(Buffer.from(bytes));
    await source.close();
    reduce(`${base}.sigmf-meta`);

    expect(Buffer.concat(pieces).equals(Buffer.from(discharge.samples.buffer))).toBe(true);
    expect([source.rateHz, source.unit, source.epochNs]).toEqual([HALPHA_RATE_HZ, 'a.u.', epochNs]);
    const timeOf = (window: number) => formatTime(epochNs! + BigInt(window) * WINDOW_NS);
    expectCsv(readFileSync(`${base}.sigmf-meta.out.csv`, 'utf8'), discharge, timeOf);
  });
});

function reduce(path: string, ...options: readonly string[]): void {
  const { stderr, status } = spawnSync(
    process.execPath,
    [COMMAND, 'reduce', path, '-o', `${path}.out.csv`, '--window', String(WINDOW), ...options],
    { encoding: 'utf8' },
  );
  expect([stderr, status]).toEqual(['', 0]);
}

function channelOf({ record }: Discharge): string {
  return `halpha.${record}`;
}

async function send(discharge: Discharge, server: TestServer): Promise<void> {
  const counts = await replay(dischargeSource(discharge), {
    ...server.ingest,
    channel: channelOf(discharge),
    stream: `discharge-${discharge.record}`,
    window: WINDOW,
    speed: Number.POSITIVE_INFINITY,
    clock: systemClock,
  });
  expect(counts).toMatchObject({ sentSamples: discharge.samples.length, lostSamples: 0, connections: 1 });
}

function expectRows(blocks: readonly TrendBlock[], discharge: Discharge, expected: readonly PlainWindow[]): void {
  const { epochNs } = dischargeSource(discharge);
  let index = 0;
  for (const block of blocks) {
    expect([block.span, block.firstRow]).toEqual([1, index]);
    for (const [row, count] of block.count.entries()) {
      const plain = expected[index]!;
      const { min, max, mean, m2, clipped, nonfinite, flags } = block;
      const std = Math.sqrt(m2[row]! / count);
      expectFigures({ min: min[row]!, max: max[row]!, mean: mean[row]!, std, count }, plain);
      expect([clipped[row], nonfinite[row], flags[row]]).toEqual([0, 0, plain.count < WINDOW ? RowFlag.Partial : 0]);
      expect(block.timeNs + BigInt(row * block.rowNs)).toBe(epochNs! + BigInt(index) * WINDOW_NS);
      index++;
    }
  }
  expect(index).toBe(expected.length);
}

function expectCsv(text: string, { samples }: Discharge, timeOf: (window: number) => string): void {
  const [heading, ...lines] = text.trimEnd().split('\n');
  const expected = reducePlainly(samples, WINDOW);
  expect(heading).toBe('window,time,min,max,mean,std,count,clipped,nonfinite,flags');
  expect(lines.length).toBe(expected.length);
  for (const [i, plain] of expected.entries()) {
    const [window, time, min, max, mean, std, count, ...rest] = lines[i]!.split(',');
    expectFigures({ min: +min!, max: +max!, mean: +mean!, std: +std!, count: +count! }, plain);
    expect([window, time]).toEqual([String(i), timeOf(i)]);
    expect(rest).toEqual(['0', '0', plain.count < WINDOW ? 'partial' : '']);
  }
}

function expectFigures(found: PlainWindow, plain: PlainWindow): void {
  const slack = 1e-12 * Math.max(Math.abs(plain.min), Math.abs(plain.max));
  expect([found.min, found.max, found.count]).toEqual([plain.min, plain.max, plain.count]);
  expect(Math.abs(found.mean - plain.mean)).toBeLessThanOrEqual(slack);
  expect(Math.abs(found.std - plain.std)).toBeLessThanOrEqual(slack);
}
