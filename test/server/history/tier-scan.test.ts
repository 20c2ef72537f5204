import { expect, it } from 'vitest';
import { CatalogueView } from '../../../server/history/catalogue-view.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { SEALED } from '../../../server/history/sealed-file.ts';
import { TierRows } from '../../../server/history/tier-rows.ts';
import { scanSealed } from '../../../server/history/tier-scan.ts';
import { Folder } from '../../support/folder.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const START_NS = 1_700_000_000_000_000_000n;
const WINDOWS = 5;
const folder = new Folder();

it('of a file the rows of streams that the catalogue knows are read, and no others', async () => {
  const stored = await StoredHistory.open(folder.path());
  const streams = [1, 2, 3].map((id) =>
    testStream({ id, channel: 'lamp', windows: WINDOWS, startNs: START_NS + BigInt(id) * 1_000_000_000n }),
  );
  await stored.segment(1, streams);
  const files = await sealSegment(stored.database, stored.catalogue, { folder: folder.path(), segment: 1 });
  await stored.database.detach('segment_1');
  await stored.catalogue.change((connection) => connection.run('DELETE FROM catalogue.streams WHERE id = 2'));
  const paths = files.filter(({ tier }) => tier === 0).map(({ path }) => folder.path(`${SEALED}/${path}`));
  const rows = new TierRows(streams.length * WINDOWS);

  await stored.database.use(async (connection) => {
    const view = await new CatalogueView(stored.catalogue).read(connection, 'lamp');
    const channel = view.streams.with([])!;
    const [all] = channel.lengths;
    const scan = { tier: 0, channel, streams: all!, limit: undefined, fromNs: 0n, toNs: 2n ** 62n };
    await scanSealed(connection, paths, scan, rows);
  });

  const known = [streams[0]!, streams[2]!].flatMap((stream) => stream.rows);
  expect(paths).toHaveLength(1);
  expect(readRows(rows)).toEqual(known.map(({ stream, timeNs, mean, windows }) => ({ stream, timeNs, mean, windows })));
  await stored.close();
});

function readRows(rows: TierRows) {
  return Array.from({ length: rows.length }, (_, at) => ({
    stream: rows.stream[at],
    timeNs: rows.timeNs[at],
    mean: rows.summary(at).mean,
    windows: rows.windows[at],
  }));
}
