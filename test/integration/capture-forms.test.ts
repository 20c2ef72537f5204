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

    const run = await runCommand(
      [
        'replay',
        fixture.folder.path(`captures/${id}.sigmf-meta`),
        '--channel',
        'again',
        '--port',
        String(fixture.server.ingest.port),
        '--speed',
        'max',
      ],
      fixture.folder.path(),
    );

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
});

async function record() {
  await fixture.start();
  const device = await fixture.open('c');
  await sendSamples(device, 0, 10_000);
  const { id } = await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS, toMs: EPOCH_MS + 77 });
  return fixture.client.over(id);
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
