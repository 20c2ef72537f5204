import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder, publish } from '../base/durable-file.ts';
import type { Logger } from '../base/log.ts';
import { PARTIAL } from '../base/whole-file.ts';

export const QUARANTINE = 'quarantine';
/** When this is full no more is copied: the damaged file stays where it is until its records are removed. */
const MOST_BYTES = 64 << 20;

/** Copies a damaged file into the quarantine beside it, once. Where that fails, as on a full disk, the log says so. */
export async function copyAside(folder: string, path: string, log: Logger): Promise<void> {
  const aside = join(folder, QUARANTINE);
  const copy = join(aside, basename(path));
  try {
    await makeFolder(aside);
    const names = await readdir(aside);
    if (names.includes(basename(path))) return;
    const sizes = await Promise.all(
      [path, ...names.map((name) => join(aside, name))].map(async (file) => (await stat(file)).size),
    );
    if (sizes.reduce((sum, size) => sum + size, 0) > MOST_BYTES) {
      log.warn({ path }, 'the quarantine is full, and a damaged file is not copied to it');
      return;
    }
    await copyFile(path, copy + PARTIAL);
    await publish(copy + PARTIAL, copy);
  } catch (err) {
    log.error({ err, path }, 'a damaged file could not be copied to the quarantine');
    await rm(copy + PARTIAL, { force: true }).catch(() => undefined); // the next copy overwrites it
  }
}
