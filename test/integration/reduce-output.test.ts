import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { COMMAND, runCommand } from '../support/command.ts';
import { Folder } from '../support/folder.ts';

const FULL = '/dev/full';
const SAMPLES = 200_000;

const folder = new Folder();

// Linux has a file that is always full.
describe.skipIf(!existsSync(FULL))('fenestra reduce, onto a full disk', () => {
  it.each([
    ['out.csv', 'out.csv.partial', 'ENOSPC'],
    ['out.parquet', 'out.parquet.partial.csv', 'ENOSPC'],
    ['out.parquet', 'out.parquet.partial', 'No space left on device'],
  ])('says that it cannot write %s and leaves nothing behind: %s', async (output, partial, reason) => {
    writeSamples(SAMPLES);
    symlinkSync(FULL, folder.path(partial));

    const { stdout, stderr, status } = await reduce(output);

    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toMatch(new RegExp(`^fenestra: cannot write ${output}: .*${reason}.*\n$`));
    expect(readdirSync(folder.path())).toEqual(['long.i16']);
  });

  // A few windows are refused at the end, many while more are being made.
  it.each([100, SAMPLES])('says that it cannot write to standard output: %i samples', async (samples) => {
    writeSamples(samples);
    const full = openSync(FULL, 'w');

    const { stderr, status } = await reduce('-', full);
    closeSync(full);

    expect(status).toBe(1);
    expect(stderr).toBe('fenestra: cannot write standard output: ENOSPC: no space left on device, write\n');
  });
});

describe('fenestra reduce, whose reader has seen enough', () => {
  it('ends without a word', async () => {
    writeSamples(SAMPLES);
    const child = spawn('sh', ['-c', '"$@" | head -1', 'sh', process.execPath, COMMAND, ...reducing('-')], {
      cwd: folder.path(),
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);

    expect([stdout, stderr]).toEqual(['window,time,min,max,mean,std,count,clipped,nonfinite,flags\n', '']);
  });
});

describe('fenestra reduce, stopped by Ctrl-C', () => {
  it('leaves nothing behind', async () => {
    writeSamples(32 * 2 ** 30); // a sparse file: a minute of work that takes no space
    const child = spawn(process.execPath, [COMMAND, ...reducing('out.csv')], {
      cwd: folder.path(),
      stdio: 'ignore',
    });
    const written = () => statSync(folder.path('out.csv.partial'), { throwIfNoEntry: false })?.size ?? 0;
    while (written() < 1000) await new Promise((resolve) => setTimeout(resolve, 10));

    child.kill('SIGINT');
    const [status] = await once(child, 'exit');

    expect([status, readdirSync(folder.path())]).toEqual([130, ['long.i16']]);
  });
});

function reduce(output: string, standardOutput?: number) {
  return runCommand(reducing(output), folder.path(), standardOutput);
}

function reducing(output: string): string[] {
  return ['reduce', 'long.i16', '-o', output, '--window', '10', '--datatype', 'ri16_le', '--rate', '1e7'];
}

function writeSamples(count: number): void {
  truncateSync(folder.write('long.i16', ''), count * 2);
}
