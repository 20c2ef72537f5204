import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ANOMALY_KINDS } from '../../../../server/ingest/simulator/anomaly.ts';
import { PlasmaLight, type Truth } from '../../../../server/ingest/simulator/plasma-light.ts';
import { createNoiseTables } from '../../../../server/ingest/simulator/shot-noise.ts';
import { hasPythonModule } from '../../../support/tools.ts';

const SCRIPT = fileURLToPath(new URL('./find_anomalies.py', import.meta.url));
const noise = createNoiseTables('test');

interface Found {
  readonly kind: string;
  readonly first: number;
  readonly last: number;
  readonly arcs: number;
}

/** How far the ends of a found range may be off. */
const TOLERANCE_MS = 250;
const DROP_OUT_TOLERANCE_MS = 1;
const ARC_TOLERANCE_SAMPLES = 5;
const LONGEST_ARC_SAMPLES = 140;

describe.skipIf(!hasPythonModule('numpy'))('a script that knows nothing of the simulator', () => {
  it('finds every logged anomaly of all six kinds in the raw samples, and no other', () => {
    const kinds = new Set<string>();
    for (const [seed, rateHz, seconds] of [
      ['a', 100_000, 120],
      ['i', 100_000, 120],
      ['d', 10_000_000, 4],
    ] as const) {
      const { truths, found } = run({ seed, rateHz, seconds });
      for (const { kind } of truths) kinds.add(kind);

      const missed = truths.filter((truth) => found.filter((it) => isSame(truth, it, rateHz)).length !== 1);
      const invented = found.filter((it) => truths.filter((truth) => isSame(truth, it, rateHz)).length !== 1);
      expect({ seed, missed, invented }).toEqual({ seed, missed: [], invented: [] });
    }

    expect(kinds).toEqual(new Set(ANOMALY_KINDS));
  }, 120_000);
});

function isSame(truth: Truth, found: Found, rateHz: number): boolean {
  if (truth.kind !== found.kind) return false;
  const tolerance = toleranceOf(truth.kind, rateHz);
  const isBegun = Math.abs(found.first - truth.first) <= tolerance;
  const isOver = Math.abs(found.last - truth.last) <= tolerance;
  const isInside = found.first >= truth.first - tolerance && found.last <= truth.last + tolerance;
  switch (truth.kind) {
    case 'late-ignition': // when it should have lit cannot be seen
      return isInside;
    case 'drift': // its first and last part are lost in the fluctuation
      return isInside && found.last - found.first > (truth.last - truth.first) / 2;
    case 'micro-arc': // the tail of the last arc is lost in the noise
      return isInside && isBegun && truth.last - found.last < LONGEST_ARC_SAMPLES && truth.figures.arcs === found.arcs;
    default:
      return isBegun && isOver;
  }
}

function toleranceOf(kind: string, rateHz: number): number {
  if (kind === 'micro-arc') return ARC_TOLERANCE_SAMPLES;
  return ((kind === 'drop-out' ? DROP_OUT_TOLERANCE_MS : TOLERANCE_MS) * rateHz) / 1000;
}

// Renders to a file and lets the script read it. What the end of the file cuts
// off is left out on both sides.
function run({ seed, rateHz, seconds }: { seed: string; rateHz: number; seconds: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'fenestra-test-'));
  try {
    const path = join(folder, 'samples');
    const truths = record({ path, seed, rateHz, seconds });
    const lines = execFileSync('python3', [SCRIPT, path, String(rateHz)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    const end = (seconds - 1) * rateHz;
    const cut = truths.find(({ last }) => last >= end)?.first ?? end;
    const found = lines.map((line) => JSON.parse(line) as Found).filter(({ last }) => last < cut);
    return { truths: truths.filter(({ last }) => last < cut), found };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function record({ path, seed, rateHz, seconds }: { path: string; seed: string; rateHz: number; seconds: number }) {
  const truths: Truth[] = [];
  const light = new PlasmaLight({
    seed,
    rateHz,
    anomaliesPerMinute: 60,
    firstRunMs: 200,
    noise,
    onTruth: (truth) => truths.push(truth),
  });
  const samples = new Int16Array(200 * light.stepSamples); // 100 ms
  const file = openSync(path, 'w');
  for (let i = 0; i < seconds * 10; i++) {
    light.render(samples);
    writeSync(file, new Uint8Array(samples.buffer));
  }
  closeSync(file);
  light.finish();
  return truths.filter(({ kind }) => kind !== 'run').sort((a, b) => a.first - b.first);
}
