import type { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChannelReading } from '../../../server/history/channel-reading.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { segmentName } from '../../../server/history/segment.ts';
import { Folder } from '../../support/folder.ts';
import { NOTHING_LIVE } from '../../support/nothing-live.ts';
import { StoredHistory, testStream, WINDOW_NS } from '../../support/stored-history.ts';

const START_NS = 10n ** 18n;
const WINDOWS = 2000;

const folder = new Folder();
let stored: StoredHistory;
let reading: ChannelReading;

beforeEach(async () => {
  stored = await StoredHistory.open(folder.path());
  reading = new ChannelReading({ catalogue: stored.catalogue, live: NOTHING_LIVE });
  await stored.segment(1, [streamOf(1, 'PMT-1')]);
});
afterEach(() => stored.close());

describe('the list of channels', () => {
  it('reads the catalogue again only once it has changed', async () => {
    const asked: string[] = [];

    await read(asked);
    await read(asked);
    const before = asked.filter(readsFiles).length;
    await seal(1);
    const after = await read(asked);

    expect(before).toBe(1);
    expect(asked.filter(readsFiles).length).toBe(2);
    expect(after).toMatchObject([{ channel: 'PMT-1', firstNs: START_NS, lastNs: endOf(WINDOWS) }]);
  });

  it('has what is written to an open segment, while what it knows of the catalogue is remembered', async () => {
    await seal(1);
    const open = await stored.segment(2, [streamOf(2, 'PMT-2')]);
    await read([]);
    const asked: string[] = [];

    await stored.write(open, [streamOf(3, 'PMT-1', WINDOWS)]);
    await stored.write(open, [streamOf(4, 'PMT-3')]);
    const channels = await read(asked);

    expect(asked.filter(readsFiles)).toEqual([]);
    expect(channels.map(({ channel, firstNs, lastNs }) => [channel, firstNs, lastNs])).toEqual([
      ['PMT-1', START_NS, endOf(2 * WINDOWS)],
      ['PMT-2', START_NS, endOf(WINDOWS)],
      ['PMT-3', START_NS, endOf(WINDOWS)],
    ]);
  });

  it('is not read on for who has gone', async () => {
    const gone = AbortSignal.abort(new Error('gone'));

    const list = stored.database.use((connection) => reading.read(connection, gone));

    await expect(list).rejects.toThrow('gone');
  });
});

function streamOf(id: number, channel: string, from = 0) {
  return testStream({ id, channel, windows: WINDOWS, from, startNs: START_NS });
}

function endOf(windows: number): bigint {
  return START_NS + BigInt(windows) * WINDOW_NS;
}

async function seal(id: number): Promise<void> {
  await sealSegment(stored.database, stored.catalogue, { folder: stored.folder, segment: id });
  await stored.database.detach(segmentName(id));
}

/** Lists the channels, and notes the statements that it takes. */
function read(asked: string[]) {
  return stored.database.use((connection) => {
    const noted: Pick<DuckDBConnection, 'run' | 'runAndReadAll'> = {
      run: (sql) => connection.run(sql),
      runAndReadAll: (sql) => {
        asked.push(sql);
        return connection.runAndReadAll(sql);
      },
    };
    return reading.read(noted as DuckDBConnection);
  });
}

function readsFiles(sql: string): boolean {
  return sql.includes('catalogue.files');
}
