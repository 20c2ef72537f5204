import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../server/sigmf/recording-reader.ts';
import { WindowFlag } from '../../server/trend/trend-window.ts';
import {
  CaptureFixture,
  EPOCH_MS,
  range,
  sampleAt,
  sendFrame,
  sendSamples,
  WINDOW,
} from '../support/capture-fixture.ts';
import { runCommand } from '../support/command.ts';
import type { Device } from '../support/device.ts';
import { readOffline } from '../support/offline-rows.ts';
import { hasTool } from '../support/tools.ts';
import { TestViewer } from '../support/viewer.ts';

const { OverRange, SampleLoss, Invalid, TimeUncalibrated, Gap } = WindowFlag;
const fixture = new CaptureFixture();

describe('a recording', () => {
  it.skipIf(!hasTool('tar'))('is downloaded as a SigMF archive that tar reads', async () => {
    const { id, sha512: expected } = await record();

    writeFileSync(fixture.folder.path('it.tar'), await fixture.client.bytes(id, 'download?as=sigmf'));
    execFileSync('tar', ['-xf', fixture.folder.path('it.tar'), '-C', fixture.folder.path()]);

    const recording = await openRecording(fixture.folder.path(`${id}/${id}.sigmf-meta`)); // which checks the checksum
    expect(recording.metadata.global['core:sha512']).toBe(expected);
    expect(existsSync(fixture.folder.path(`${id}/${id}.sigmf-data`))).toBe(true);
  });

  it('replayed into a channel of its own gives the same trend, byte for byte', async () => {
    await fixture.start();
    const viewer = await TestViewer.open(fixture.server.url, { keepsBlocks: true });
    await viewer.subscribe([{ name: '*' }]);
    const device = await fixture.open('live', {
      'core:datatype': 'rf32_le',
      'fenestra:scale': -0.37,
      'fenestra:offset': 3.3,
    });
    for (const [from, to, flags] of [
      [700, 11_100, SampleLoss | OverRange], // of which the recording has the end
      [11_100, 20_010, OverRange],
      [20_010, 33_000, TimeUncalibrated | Invalid],
      [40_200, 50_100, SampleLoss],
      [50_100, 50_700, SampleLoss],
      [50_700, 61_234, 0],
      [61_234, 100_000, Invalid],
    ] as const) {
      const samples = Float32Array.from(range(from, to), (i) => Math.sin(i / 7) * sampleAt(i));
      await sendFrame(device, from, samples, flags);
    }
    const { id } = await fixture.client.begin({ channel: 'live', fromMs: EPOCH_MS + 100.01, toMs: EPOCH_MS + 900.03 });
    await fixture.client.over(id);

    const run = await runCommand(replayOf(id), fixture.folder.path());

    expect(run.stderr).toContain('samples sent as again');
    const first = Math.ceil(10_001 / WINDOW);
    const last = Math.floor(90_003 / WINDOW) - 1;
    await viewer.until(() => rowsOf(viewer, 'again').has(last));
    const [live, again] = [rowsOf(viewer, 'live'), rowsOf(viewer, 'again')];
    const inside = [...live.keys()].filter((k) => k >= first && k <= last);
    expect(inside.length).toBe(65 - first + 1 + (last - 80 + 1)); // none from 66 to 79
    const annotated = (await openRecording(fixture.folder.path(`captures/${id}.sigmf-meta`))).metadata.annotations;
    expect(annotated.map((it) => [it['core:sample_start'], it['core:sample_count'], it['core:label']])).toEqual([
      [0, 1, 'person'],
      [0, 10_009, 'over-range'],
      [10_009, 12_990, 'invalid|time-uncalibrated'],
      [22_999, 9900, 'sample-loss'],
      [32_899, 600, 'sample-loss'],
      [44_033, 28_769, 'invalid'],
    ]);
    expect(new Set(inside.map((k) => (live.get(k) as unknown[]).at(-1)))).toEqual(
      new Set([
        0,
        OverRange,
        OverRange | TimeUncalibrated | Invalid,
        TimeUncalibrated | Invalid,
        SampleLoss | Gap,
        SampleLoss,
        Invalid,
      ]),
    );
    for (const k of inside) expect([k, again.get(k)]).toEqual([k, live.get(k)]);
    await viewer.close();
  });

  it.each([0.5, 44_100, 48_000, 96_000, 3_000_000])(
    'replayed at %d Hz has the times of its windows to the ns, also after the clock was set',
    async (rateHz) => {
      await fixture.start();
      const viewer = await TestViewer.open(fixture.server.url, { keepsBlocks: true });
      await viewer.subscribe([{ name: '*' }]);
      const device = await fixture.open('live', {
        'core:sample_rate': rateHz,
        'fenestra:window': rateHz < 1 ? 10 : 10_000,
      });
      const size = viewerWindow(device);
      const epochNs = 1_700_000_000_123_456_789n;
      const stepNs = 7_200_000_000_001n;
      // The stream begins at no window's edge, and its clock is set inside one.
      for (const [from, to, timeNs] of [
        [size + 7, 5 * size + 3, epochNs],
        [5 * size + 3, 9 * size, epochNs + stepNs + BigInt(Math.floor(((4 * size - 4) / rateHz) * 1e9))],
        [9 * size, 13 * size + 1, 0n],
      ] as const) {
        device.frame(from, Int16Array.from(range(from, to), sampleAt), { timeNs });
      }
      await viewer.until(() => rowsOf(viewer, 'live').has(12));
      const first = 2 * size + 5;
      const live = rowsOf(viewer, 'live');
      const startNs = (live.get(2) as [bigint])[0];
      const endNs = (live.get(12) as [bigint])[0];
      const { id } = await fixture.client.begin({
        channel: 'live',
        fromMs: Number(startNs / 1_000_000n) + (5 / rateHz) * 1000,
        toMs: Number(endNs / 1_000_000n),
      });
      const { segments } = await fixture.client.over(id);
      expect(segments).toHaveLength(2);

      const run = await runCommand(replayOf(id), fixture.folder.path());

      expect(run.stderr).toContain('samples sent as again');
      await viewer.close();
      await fixture.stop();
      const [kept, again] = [await keptRows('live'), await keptRows('again')];
      const inside = [...kept.keys()].filter((k) => k * size >= first && k < 11);
      expect(inside).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
      for (const k of inside) expect([k, again.get(k)]).toEqual([k, kept.get(k)]);
    },
  );
});

function viewerWindow(device: Device): number {
  return Number(device.answer!.window);
}

function replayOf(id: string): string[] {
  const file = fixture.folder.path(`captures/${id}.sigmf-meta`);
  const port = String(fixture.server.ingest.port);
  return ['replay', file, '--channel', 'again', '--port', port, '--speed', 'max'];
}

async function record() {
  await fixture.start();
  const device = await fixture.open('c');
  await sendSamples(device, 0, 10_000);
  const { id } = await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS, toMs: EPOCH_MS + 77 });
  return fixture.client.over(id);
}

/** What the history has of each window, by index; the server is stopped. */
async function keptRows(channel: string): Promise<Map<number, unknown>> {
  const rows = await readOffline(fixture.folder.path('history'), channel, 0);
  return new Map(rows.map(({ stream: _, ...row }) => [row.window, row]));
}

/** What a viewer got of each window, by index. */
function rowsOf(viewer: TestViewer, channel: string): Map<number, unknown> {
  const rows = new Map<number, unknown>();
  for (const { firstRow, timeNs, rowNs, min, max, mean, m2, count, clipped, nonfinite, flags } of viewer.viewed.get(
    channel,
  )?.blocks ?? []) {
    for (const i of min.keys()) {
      const figures = [min, max, mean, m2, count, clipped, nonfinite, flags].map((column) => column[i]);
      rows.set(firstRow + i, [timeNs + BigInt(Math.round(i * rowNs)), ...figures]);
    }
  }
  return rows;
}
