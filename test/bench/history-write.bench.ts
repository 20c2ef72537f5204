import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';
import { runs } from '../support/runs.ts';

// A hundred channels of 200 windows a second, without and with two diagnoses a second, for some seconds, each writer in
// a process of its own that does nothing else. A plain table is what DuckDB
// costs without tiers, marks and recovery.

const SECONDS = runs(20, 120);
const ROUNDS = 2;
const folder = new Folder();

it('writes a hundred channels with less than a tenth of a core', async () => {
  let best: Figures | undefined;
  let plain: Figures | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const fenestra = await measure('fenestra', folder.path(`fenestra-${round}`));
    const diagnosing = await measure('diagnosing', folder.path(`diagnosing-${round}`));
    const table = await measure('plain', folder.path(`plain-${round}`));
    console.log(
      `history thread ${fenestra.cores.toFixed(3)} cores, commits p50 ${fenestra.commitP50Ms.toFixed(1)} ms, p99 ${fenestra.commitP99Ms.toFixed(1)} ms, ` +
        `durable after p50 ${fenestra.ackP50Ms.toFixed(0)} ms, p99 ${fenestra.ackP99Ms.toFixed(0)} ms; plain table ${table.cores.toFixed(3)} cores`,
    );
    console.log(
      `with ${diagnosing.diagnoses} diagnoses ${diagnosing.cores.toFixed(3)} cores, commits p50 ${diagnosing.commitP50Ms.toFixed(1)} ms, p99 ${diagnosing.commitP99Ms.toFixed(1)} ms, ` +
        `durable after p50 ${diagnosing.ackP50Ms.toFixed(0)} ms, p99 ${diagnosing.ackP99Ms.toFixed(0)} ms; sealed in ${diagnosing.sealMs.toFixed(0)} ms instead of ${fenestra.sealMs.toFixed(0)}, ` +
        `${(diagnosing.diagnosisBytes / diagnosing.diagnoses).toFixed(1)} bytes a diagnosis`,
    );
    if (best === undefined || fenestra.cores < best.cores) best = fenestra;
    plain = table;
  }
  const perRow = (bytes: number) => (bytes / best!.storedRows).toFixed(1);
  console.log(
    `bytes a window, all tiers: segment ${perRow(best!.segmentBytes)}, sealed ${perRow(best!.sealedBytes)}; ` +
      `of the windows alone: CSV ${perRow(plain!.csvBytes)}, plain table ${perRow(plain!.fileBytes)}`,
  );

  expect(best!.storedRows).toBe(plain!.storedRows);
  expect(best!.cores).toBeLessThan(0.1);
  expect(best!.sealedBytes).toBeLessThan(plain!.csvBytes / 2);
});

type Figures = Record<string, number>;

function measure(kind: 'fenestra' | 'diagnosing' | 'plain', directory: string): Promise<Figures> {
  const script = fileURLToPath(new URL('history/writer.mjs', import.meta.url));
  const child: ChildProcess = fork(script, [kind, directory, String(SECONDS)], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${kind} ended with ${code}`)));
    child.once('message', (figures) => {
      child.kill('SIGKILL');
      resolve(figures as Figures);
    });
  });
}
