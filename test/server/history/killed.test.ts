import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { compact } from '../../../server/history/compact.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import type { StoredDiagnosis } from '../../../server/trend/diagnosis-history.ts';
import { TIER_FACTOR, TIERS } from '../../../server/trend/tier.ts';
import { makeDiagnoses } from '../../support/diagnoses.ts';
import { Folder } from '../../support/folder.ts';
import { runs } from '../../support/runs.ts';
import { entriesOf, serveHistory } from '../../support/served-history.ts';
import { StoredHistory, type TestStream, testStream, WINDOW_NS } from '../../support/stored-history.ts';

const HOUR_NS = 3_600_000_000_000n;
const START = BigInt(Date.UTC(2026, 2, 1, 22, 30)) * 1_000_000n;
const folder = new Folder();
let history: StoredHistory;

afterEach(() => history.close());

// A copy of the files between two steps is what a kill leaves there.
describe('a kill', { timeout: 120_000 }, () => {
  it('while a segment is sealed leaves every row in one place, also without its catalogue', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const streams = hour(0);
    const found = diagnosed(0);
    await history.segment(1, streams, found);
    const kills = new Kills();

    await sealSegment(history.database, history.catalogue, { folder: history.folder, segment: 1, onStep: kills.step });

    await kills.expectWhole([streams], found);
  });

  it('while files are merged leaves every row in one place', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const hours = [hour(0), hour(1), hour(2)];
    for (const [index, streams] of hours.entries()) {
      await history.segment(index + 1, streams, diagnosed(index));
      await sealSegment(history.database, history.catalogue, { folder: history.folder, segment: index + 1 });
      await history.database.detach(`segment_${index + 1}`);
      rmSync(join(history.folder, `segment-00000${index + 1}.duckdb`));
    }
    const kills = new Kills();
    const checks = { verify: async () => true, trust: () => undefined, forget: () => undefined };

    const beforeMs = Date.UTC(2026, 3, 1);
    await compact(history.database, history.catalogue, {
      ...{ folder: history.folder, beforeMs, uses: new FileUses(), checks },
      onStep: kills.step,
    });

    await kills.expectWhole(
      hours,
      hours.flatMap((_, index) => diagnosed(index)),
    );
  });
});

/** Copies of the files as they are at each step; of steps that come often, only some. */
class Kills {
  readonly #copies: string[] = [];
  readonly #seen = new Map<string, number>();

  readonly step = (name: string): void => {
    const times = this.#seen.get(name) ?? 0;
    this.#seen.set(name, times + 1);
    if (times % runs(14, 1) !== 0) return;
    const copy = folder.path(`${name}-${times}`);
    cpSync(history.folder, copy, { recursive: true });
    this.#copies.push(copy);
  };

  async expectWhole(hours: readonly (readonly TestStream[])[], diagnoses: readonly StoredDiagnosis[]): Promise<void> {
    const keys = diagnoses.map(({ channel, first }) => `${channel}/${first}`).sort();
    const truth = hours.flat().flatMap(entriesOf).sort();
    expect([...this.#seen.keys()]).toEqual(['file', 'listing', 'listed']);
    for (const copy of this.#copies) {
      const bare = `${copy}-bare`;
      cpSync(copy, bare, { recursive: true });
      const { served, losses, stray, ...found } = await serveHistory(copy);
      expect([...served].sort(), copy).toEqual(truth);
      expect([found.diagnoses, found.summed], copy).toEqual([keys, keys.length]);
      expect([losses, stray], copy).toEqual([[], []]);

      rmSync(join(bare, 'catalogue.duckdb'));
      const again = await serveHistory(bare);
      expect([...again.served].sort(), bare).toEqual(truth);
      expect([again.diagnoses, again.summed], bare).toEqual([keys, keys.length]);
      expect([again.losses.map(({ what }) => what), again.stray], bare).toEqual([['catalogue.duckdb'], []]);
    }
    process.stdout.write(`kills: ${this.#copies.length} of ${JSON.stringify(Object.fromEntries(this.#seen))}\n`);
  }
}

// Across midnight, of two channels.
function diagnosed(index: number): StoredDiagnosis[] {
  const fromNs = START + BigInt(index) * HOUR_NS;
  return ['PMT-1', 'PMT-2'].flatMap((channel) =>
    makeDiagnoses({ seed: index + 1, runs: 200, change: 0.1, odd: 0 }, fromNs).map((one) => ({
      ...{ ...one, channel, first: one.first + index * 1000 },
    })),
  );
}

// No row of any tier has windows of two hours, so that none is merged with another.
function hour(index: number): TestStream[] {
  const from = index * TIER_FACTOR ** (TIERS - 1);
  const startNs = START + BigInt(index) * HOUR_NS - BigInt(from) * WINDOW_NS;
  return [1, 2].map((id) => testStream({ id, channel: `PMT-${id}`, windows: 300, from, startNs }));
}
