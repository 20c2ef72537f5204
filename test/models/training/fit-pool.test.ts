import { afterEach, describe, expect, it } from 'vitest';
import { type Dataset, sharedFloats } from '../../../models/training/dataset.ts';
import type { FitJob } from '../../../models/training/fit-job.ts';
import { FitPool } from '../../../models/training/fit-pool.ts';
import { argmaxRows } from '../../../models/training/metrics.ts';

const WORKER = new URL('../../../build/program/fit-worker.js', import.meta.url);

describe('FitPool', () => {
  const pool = new FitPool(WORKER, 2);
  afterEach(() => pool.close());

  it('fits jobs, tells what failed and of which, goes on after it, and ends with what is left undone', async () => {
    const job = jobOf(parted());
    let fitted = 0;

    const results = await pool.fitAll([job, job, job], () => fitted++);
    const tooShort = pool.fit({
      ...job,
      candidate: { scaling: 'max', learner: { kind: 'rocket', features: 84, pooling: 'ppv', head: { kind: 'ridge' } } },
    });

    expect(fitted).toBe(3);
    expect(results.map(({ scores }) => [...argmaxRows(scores, 2)])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(results[1]).toEqual({ ...results[0], seconds: expect.any(Number) });
    await expect(tooShort).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringMatching(
        /^cannot fit MiniRocket \(features 84, pooling ppv, head ridge\), max-normalised to 8 runs: runs of 4 points/,
      ),
    });
    const broken = pool.fit({ ...job, data: { ...job.data, labels: undefined as never } });
    await expect(broken).rejects.toThrow(/^cannot fit logistic regression \(c 1\), not scaled to 8 runs: TypeError/);
    await expect(pool.fit(job)).resolves.toMatchObject({ seconds: expect.any(Number) });

    const undone = pool.fitAll([job, job, job, job, job], () => undefined);
    const refused = expect(undone).rejects.toThrow('the threads that fit were ended');
    await pool.close();
    await refused;
    await expect(pool.fit(job)).rejects.toThrow('have ended');
  });

  it('ends while a thread is telling that it is done', async () => {
    const ending = new FitPool(WORKER, 1);
    await ending.fit(jobOf(parted()));

    const undone = expect(ending.fit(jobOf(parted()))).rejects.toThrow('were ended');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); // its answer has come, and nobody has taken it yet
    await ending.close();

    await undone;
  });

  it('fails what it was given where its threads cannot start', async () => {
    const broken = new FitPool(new URL('./none.js', WORKER), 1);

    await expect(broken.fit(jobOf(parted()))).rejects.toThrow(/cannot fit logistic.*none\.js/s);
  });
});

function jobOf(data: Dataset): FitJob {
  return {
    candidate: { scaling: 'none', learner: { kind: 'logistic', c: 1 } },
    data,
    train: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    test: Int32Array.of(8, 9),
    seed: '1',
    wants: 'strange',
  };
}

/** Runs of four points about 0 and 10. */
function parted(): Dataset {
  const values = sharedFloats(40);
  for (let at = 0; at < 40; at++) values[at] = (Math.floor(at / 4) % 2) * 10 + Math.sin(at * at);
  const labels = Int32Array.from({ length: 10 }, (_, run) => run % 2);
  return { values, runs: 10, rows: 1, length: 4, labels, classes: ['0', '1'], source: 'made', sha256: '' };
}
