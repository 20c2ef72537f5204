import { stat } from 'node:fs/promises';
import { type Catalogue, cataloguePath } from './catalogue.ts';
import type { DiskUse } from './history-status.ts';
import { segmentPath } from './segment.ts';
import { type RetentionSettings, tierLimits } from './tier-limits.ts';

export interface DiskUseOptions {
  readonly directory: string;
  readonly catalogue: Catalogue;
  readonly settings: RetentionSettings;
  /** The open ones. */
  readonly segments: Iterable<number>;
}

/** Measures it. What the catalogue does not tell is left out; the history says elsewhere that it fails. */
export async function measureDiskUse(options: DiskUseOptions): Promise<Partial<DiskUse>> {
  const { directory, catalogue, settings, segments } = options;
  const files = [cataloguePath(directory), ...[...segments].map((id) => segmentPath(directory, id))];
  const open = await Promise.all(files.flatMap((file) => [sizeOf(file), sizeOf(`${file}.wal`)]));
  const openBytes = open.reduce((sum, bytes) => sum + bytes, 0);
  try {
    const tiers = tierLimits(settings, await catalogue.tierBytes());
    const diagnoses = await catalogue.tierBytes('diagnosis_files');
    const diagnosisBytes = diagnoses.reduce((sum, { bytes }) => sum + bytes, 0);
    return { openBytes, ...(await catalogue.totals()), tiers, diagnosisBytes };
  } catch {
    return { openBytes };
  }
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0, // not there, or gone
  );
}
