import type { Catalogue } from './catalogue.ts';
import { firstLine, isDamage } from './damage.ts';
import type { Database } from './database.ts';
import { readStreamEnds, restoreTiers, type StreamEnd } from './recovery.ts';
import { openSegment, type RepairOptions, repairSegment } from './repair.ts';
import { type Hole, Segment, type SegmentStream, segmentPath } from './segment.ts';
import type { StoredNext, Streams } from './streams.ts';
import type { WindowPart } from './window-rest.ts';

export interface ResumedSegments {
  /** Not sealed yet, and nothing will be added to them. */
  readonly ended: readonly Segment[];
  /** The one that goes on, where there is one. */
  readonly current: { readonly segment: Segment; readonly openedMs: number } | undefined;
}

/**
 * Opens the segments that are not sealed and takes from them where every
 * stream stands: `streams` then knows each, with the open rows of its tiers.
 */
export async function resumeSegments(
  database: Database,
  options: RepairOptions,
  streams: Streams,
): Promise<ResumedSegments> {
  const { catalogue, folder, log } = options;
  const entries = await catalogue.segments();
  const opened: OpenedSegment[] = [];
  for (const { id } of entries) opened.push(await openWhole(database, options, id));
  const segments = opened.map(({ segment }) => segment);

  await addStreams(catalogue, opened, streams);
  const newest = segments.at(-1);
  if (newest === undefined || (await newest.hasEnded())) return { ended: segments, current: undefined };

  const file = segmentPath(folder, newest.id);
  try {
    const damaged = await restoreTiers(newest, opened.at(-1)?.ends.values() ?? [], (id) => streams.byId(id).tiers);
    if (damaged.length > 0) log.warn({ file, streams: damaged }, 'coarse tiers lack windows that are stored');
  } catch (error) {
    if (!isDamage(error)) throw error;
    log.error({ err: error, file }, 'the segment is damaged: nothing is added to it');
    return { ended: segments, current: undefined };
  }
  for (const { id, info } of opened.at(-1)?.listed ?? []) {
    if (streams.has(id)) streams.byId(id).setListed(newest.id, info);
  }
  return { ended: segments.slice(0, -1), current: { segment: newest, openedMs: entries.at(-1)?.openedMs ?? 0 } };
}

interface OpenedSegment {
  readonly segment: Segment;
  readonly listed: readonly SegmentStream[];
  readonly ends: ReadonlyMap<number, StreamEnd>;
  readonly holes: readonly Hole[];
  readonly carried: ReadonlyMap<number, WindowPart>;
}

// Damage may show where rows are read, too; what can be read is then all there is.
async function openWhole(database: Database, options: RepairOptions, id: number): Promise<OpenedSegment> {
  const segment = await openSegment(database, options, id);
  try {
    return await readEnds(segment);
  } catch (error) {
    if (!isDamage(error)) throw error;
    await database.forget(segment.name);
    await repairSegment(options, id, firstLine(error));
    return readEnds(await Segment.open(database, options.folder, id));
  }
}

async function readEnds(segment: Segment): Promise<OpenedSegment> {
  const ends = new Map((await readStreamEnds(segment)).map((end) => [end.id, end]));
  return {
    segment,
    listed: await segment.streams(),
    ends,
    holes: await segment.holes(),
    carried: await segment.carried(),
  };
}

async function addStreams(catalogue: Catalogue, segments: readonly OpenedSegment[], streams: Streams): Promise<void> {
  const stored = new Map<number, StoredNext>();
  for (const stream of await catalogue.streams()) stored.set(stream.id, stream);
  let newestHoles: readonly Hole[] = []; // all there are, in the newest segment that was written to

  for (const { segment, listed, ends, holes, carried } of segments) {
    if (listed.length > 0 || holes.length > 0) newestHoles = holes; // a new one begins with them
    for (const { id, info } of listed) {
      const end = ends.get(id);
      if (end === undefined) continue;
      const next = Math.max(end.next * info.window, stored.get(id)?.nextSample ?? 0);
      const anchor = { sample: end.last.window * info.window, timeNs: end.last.timeNs };
      const partial = end.partial ?? carried.get(id) ?? stored.get(id)?.partial;
      stored.set(id, { id, info, nextSample: next, anchor, segment: segment.id, partial });
    }
  }
  for (const stream of stored.values()) streams.add(stream);
  for (const hole of newestHoles) {
    if (!streams.has(hole.stream)) {
      const stream = await findHoled(catalogue, segments, hole);
      if (stream === undefined) continue; // the catalogue was lost, and no file has a window of it
      streams.add(stream);
    }
    streams.byId(hole.stream).book.addHole(hole.from, hole.to);
  }
}

// A stream that is older than those that are known, or of which nothing could be written.
async function findHoled(
  catalogue: Catalogue,
  segments: readonly OpenedSegment[],
  { stream, to }: Hole,
): Promise<StoredNext | undefined> {
  const stored = await catalogue.streamOf(stream);
  if (stored !== undefined) return stored;
  const listed = segments.flatMap((segment) => segment.listed).findLast(({ id }) => id === stream);
  return listed && { ...listed, nextSample: to * listed.info.window };
}
