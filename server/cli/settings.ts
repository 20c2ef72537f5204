import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../base/errors.ts';
import { type LoadedConfig, loadConfig } from '../load-config.ts';

const DEFAULT_FILE = 'fenestra.toml';

/**
 * Reads the settings of a command: from `path`, else the file that
 * `FENESTRA_CONFIG` names, else `fenestra.toml` in the working folder, else
 * `fallback`; a file that was named must exist. Throws `CONFIG_INVALID`.
 */
export function readSettings(path: string | undefined, fallback?: URL): LoadedConfig {
  const named = path ?? process.env.FENESTRA_CONFIG;
  const found = named ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : fallback);
  if (found === undefined) return loadConfig({ environment: process.env });

  const name = typeof found === 'string' ? found : (found.pathname.split('/').at(-1) ?? '');
  return loadConfig({ file: { name, text: readText(found, name) }, environment: process.env });
}

function readText(path: string | URL, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('CONFIG_INVALID', `cannot read the settings file ${name}: ${reason}`, { cause: error });
  }
}
