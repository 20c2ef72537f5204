import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { AppError } from '../base/errors.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import { WindowCsv } from './window-csv.ts';

/** Where windows are written. Either `finish` or `abandon` is called, once. Failures are `FILE_INVALID`. */
export interface WindowOutput {
  write(window: TrendWindow): Promise<void>;
  /** Completes the output; a file has its name only from here on. */
  finish(): Promise<void>;
  /** Removes what there is. */
  abandon(): Promise<void>;
}

/** Opens `path` by its ending: `.csv`, `.parquet`, or `-` for CSV on standard output. Throws `FILE_INVALID`. */
export async function openOutput(path: string, hasDates: boolean): Promise<WindowOutput> {
  if (path === '-') return openStandardOutput(hasDates);
  const isParquet = path.endsWith('.parquet');
  if (!isParquet && !path.endsWith('.csv')) {
    throw new AppError('FILE_INVALID', `output ${path}, expected a name ending in .csv or .parquet, or -`);
  }

  const csvPath = `${path}.partial${isParquet ? '.csv' : ''}`;
  const out = createWriteStream(csvPath);
  const fail = failWriting(path);
  await once(out, 'open').catch(fail);
  const csv = new WindowCsv(out, hasDates);
  const partial = `${path}.partial`;

  const complete = async () => {
    await csv.flush();
    out.end();
    await finished(out);
    if (isParquet) {
      const { convertToParquet } = await import('./window-parquet.ts'); // loads the database only where it is used
      await convertToParquet(csvPath, partial, hasDates);
      await rm(csvPath);
    }
    await sync(partial);
    await rename(partial, path);
    await sync(dirname(path));
  };

  return {
    write: (window) => csv.write(window).catch(fail),
    finish: () => complete().catch(fail),
    async abandon() {
      out.destroy();
      await rm(csvPath, { force: true });
      await rm(partial, { force: true });
    },
  };
}

/** Whether the reader of standard output, such as `head`, had seen enough and closed it. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof AppError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
}

function openStandardOutput(hasDates: boolean): WindowOutput {
  const csv = new WindowCsv(process.stdout, hasDates);
  const fail = failWriting('standard output');
  return {
    write: (window) => csv.write(window).catch(fail),
    finish: () => csv.flush().catch(fail),
    abandon: async () => undefined,
  };
}

function failWriting(name: string): (cause: Error) => never {
  return (cause) => {
    throw new AppError('FILE_INVALID', `cannot write ${name}: ${cause.message}`, { cause });
  };
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}
