import { readFileSync } from 'node:fs';
import { AppError } from '../base/errors.ts';
import type { FirstFile } from './definition-store.ts';

/** What a store of definitions begins with: the file that the settings name, or else those that come with the program. Throws `CONFIG_INVALID`. */
export function readFirstDefinitions(path: string, shipped: readonly URL[]): FirstFile[] {
  return (path === '' ? shipped : [path]).map((file) => {
    const name = typeof file === 'string' ? file : (file.pathname.split('/').at(-1) ?? '');
    try {
      return { name, text: readFileSync(file, 'utf8') };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AppError('CONFIG_INVALID', `cannot read ${name}, with the first definitions of alarms: ${reason}`, {
        cause: error,
      });
    }
  });
}
