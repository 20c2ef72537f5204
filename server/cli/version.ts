import { readFileSync } from 'node:fs';
import { MANIFEST } from '../installed-files.ts';

/** The version of the checkout this program was built from. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  return (manifest as { readonly version: string }).version;
}
