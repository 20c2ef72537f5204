import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { GROUP_COLUMN, LABEL_COLUMN, PLACE_COLUMNS, pointNames } from '../../models/training/datasets/columns.ts';
import { runText } from '../../models/training/datasets/run-text.ts';
import { AppError } from '../base/errors.ts';
import type { OfflineHistory } from '../history/offline-history.ts';
import { readParts, writeRowParts } from '../history/row-parts.ts';
import type { ModelInput } from '../model/manifest.ts';
import type { CompleteRun } from '../model/run.ts';
import { RunCutter } from '../model/run-cutter.ts';
import { formatTime } from '../sigmf/time.ts';
import { openOffline } from './open-snapshot.ts';
import { createProgress } from './progress.ts';
import type { RunFile } from './run-file.ts';
import { RunGroups } from './run-groups.ts';
import { RunTally } from './run-tally.ts';
import { readVersion } from './version.ts';

export interface RunsJob {
  /** The storage directory, as a person knows it. */
  readonly directory: string;
  readonly channels: readonly string[];
  readonly from: bigint;
  readonly to: bigint;
  /** Without its unit, which the channels tell. */
  readonly input: ModelInput;
  /** Of a group; 0 where a stream is one. */
  readonly groupMinutes: number;
  readonly file: RunFile;
  /** A folder for rows that are collected, which is made and stays. */
  readonly parts: string;
}

/** What there was of one channel. */
interface ChannelRuns {
  readonly units: readonly string[];
  readonly tally: RunTally;
  readonly groups: RunGroups;
  /** Points a second of streams that were not cut. */
  readonly foreign: ReadonlySet<number>;
}

/**
 * Writes the complete runs of channels from the snapshot in `folder`, and tells
 * on standard error how many are left out, and why. Throws `CHANNEL_UNKNOWN`, and
 * `REQUEST_INVALID` where the channels are of different units.
 */
export async function exportRuns(folder: string, job: RunsJob): Promise<void> {
  const { channels, directory, input, file } = job;
  const names = pointNames(input.rows.length === 3 ? 3 : 1, input.length);
  const progress = createProgress('exporting runs');
  try {
    await file.open([...PLACE_COLUMNS, ...names, LABEL_COLUMN, GROUP_COLUMN]);
    await mkdir(job.parts);
    const history = await openOffline(folder);
    const found = await history.database
      .use(async (connection) => {
        const all: ChannelRuns[] = [];
        for (const [place, channel] of channels.entries()) {
          const tools = {
            connection,
            write: (lines: string) => file.write(lines),
            onProgress: (done: number) => progress.update((place + done) / channels.length),
          };
          all.push(await cutChannel(history, { ...job, channel, parts: join(job.parts, String(place)) }, tools));
        }
        return all;
      })
      .finally(() => history.close());
    const units = new Set(found.flatMap((one) => one.units));
    if (units.size > 1) {
      throw new AppError('REQUEST_INVALID', `the channels are in ${[...units].join(' and ')}, expected one unit`);
    }
    const runs = found.reduce((sum, { tally }) => sum + tally.complete, 0);
    const [unit = ''] = units;
    const source = { kind: 'history' as const, channels: [...channels], version: readVersion() };
    await file.finish({ format: 1, input: { ...input, unit }, runs, source });
    progress.stop();
    for (const [place, one] of found.entries()) tell(channels[place] as string, one, input);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'CHANNEL_UNKNOWN')) throw error;
    throw new AppError('CHANNEL_UNKNOWN', `${error.message}, in ${directory}`, { cause: error });
  } finally {
    progress.stop();
  }
}

async function cutChannel(
  history: OfflineHistory,
  { channel, from: fromNs, to: toNs, input, groupMinutes, parts: folder }: RunsJob & { readonly channel: string },
  tools: {
    readonly connection: DuckDBConnection;
    readonly write: (lines: string) => Promise<void>;
    readonly onProgress: (progress: number) => void;
  },
): Promise<ChannelRuns> {
  const { connection, write, onProgress } = tools;
  await mkdir(folder);
  const parts = await writeRowParts(history, connection, { channel, fromNs, toNs, tier: 0 }, { folder, onProgress });
  if (parts.damaged > 0) console.error(`fenestra: ${parts.damaged} damaged files of ${channel} are left out`);
  let lines: string[] = [];
  const tally = new RunTally();
  const groups = new RunGroups(groupMinutes, input.length);
  const foreign = new Set<number>();
  const cutter = new RunCutter(input, (run) => {
    const group = run.kind === 'complete' ? groups.groupOf(run) : undefined;
    if (run.kind === 'complete' && group !== undefined) lines.push(lineOf(run, group));
    if (run.kind === 'incomplete' || group !== undefined) tally.add(run);
  });
  for await (const rows of readParts(connection, parts)) {
    for (const { stream, window: index, timeNs, flags, ...summary } of rows) {
      const { info } = parts.streams[stream]!;
      const { rateHz, window: size } = info;
      cutter.add({ channel, stream: info.stream, index, size, rateHz, timeNs, arrivedMs: 0, summary, flags });
      if (cutter.foreignPointsPerSecond !== undefined) foreign.add(cutter.foreignPointsPerSecond);
    }
    if (lines.length > 0) await write(lines.join(''));
    lines = [];
  }
  cutter.end();
  return { units: parts.streams.map(({ info }) => info.unit), tally, groups, foreign };
}

function lineOf({ channel, stream, timeNs, values }: CompleteRun, group: string): string {
  const place = [channel, quoted(stream), formatTime(timeNs)].join();
  return `${place},${runText(values)},,${quoted(group)}\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function tell(channel: string, { tally, groups, foreign }: ChannelRuns, { pointsPerSecond }: ModelInput): void {
  console.error(`fenestra: ${channel}: ${tally}`);
  if (tally.complete > 0) console.error(`fenestra: ${channel}: ${groups}`);
  for (const found of foreign) {
    console.error(
      `fenestra: ${channel} has ${found} points a second in some streams, expected ${pointsPerSecond}; they are not cut`,
    );
  }
}
