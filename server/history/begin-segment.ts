import type { Clock } from '../base/clock.ts';
import { sync } from '../base/durable-file.ts';
import type { Catalogue } from './catalogue.ts';
import type { Database } from './database.ts';
import { removeSegment } from './repair.ts';
import { type Hole, Segment, segmentName } from './segment.ts';

export interface BeginOptions {
  readonly database: Database;
  readonly catalogue: Catalogue;
  /** Of the history. */
  readonly directory: string;
  readonly clock: Clock;
}

/**
 * Makes the next segment, with these holes in it from the start. The file
 * first: one that is listed is there. Once it is, the one before may go, with
 * its holes.
 */
export async function beginSegment(
  { database, catalogue, directory, clock }: BeginOptions,
  holes: readonly Hole[],
): Promise<{ readonly segment: Segment; readonly openedMs: number }> {
  const id = await catalogue.nextSegmentId();
  await removeSegment(directory, id); // what a try before has left, on a disk that fails
  const openedMs = clock.nowMs();
  try {
    const segment = await Segment.open(database, directory, id);
    if (holes.length > 0) await segment.write({ streams: [], tiers: [], holes, isLast: false });
    await sync(directory);
    await catalogue.addSegment({ id, openedMs });
    return { segment, openedMs };
  } catch (error) {
    await database.detach(segmentName(id)).catch(() => database.reopen());
    await removeSegment(directory, id); // half of one would be taken for damaged at the next start
    throw error;
  }
}
