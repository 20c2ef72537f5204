import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { AppError } from '../base/errors.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import { WindowCsv } from './window-csv.ts';

/** Where windows are written. Either `finish` or `abandon` is called, once. */
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
  const fail = (cause: Error) => {
    throw new AppError('FILE_INVALID', `cannot write ${path}: ${cause.message}`, { cause });
  };
  await once(out, 'open').catch(fail);
  out.on('error', () => undefined); // told by whoever writes next, or by `finish`
  const csv = new WindowCsv(out, hasDates);
  const partial = `${path}.partial`;

  const complete = async () => {
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

function openStandardOutput(hasDates: boolean): WindowOutput {
  // A reader that has seen enough, such as `head`, closes the pipe: no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const csv = new WindowCsv(process.stdout, hasDates);
  return {
    write: (window) => csv.write(window),
    finish: async () => undefined,
    abandon: async () => undefined,
  };
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}
