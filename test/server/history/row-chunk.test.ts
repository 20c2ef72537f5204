import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Database } from '../../../server/history/database.ts';
import { BLOCK_ROWS, type HistoryRow, RowBlock } from '../../../server/history/row-block.ts';
import { COLUMNS, RowChunk } from '../../../server/history/row-chunk.ts';
import { ROW_COLUMNS, toHistoryRow } from '../../../server/history/segment.ts';
import { Folder } from '../../support/folder.ts';

const folder = new Folder();
const uint = (bits: number) => fc.nat({ max: 2 ** bits - 1 });
const whole = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER));
const figure = fc.double();
const row: fc.Arbitrary<HistoryRow> = fc.record({
  stream: uint(31),
  window: whole,
  timeNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  min: figure,
  max: figure,
  mean: figure,
  m2: figure,
  count: whole,
  clipped: whole,
  nonfinite: whole,
  flags: uint(16),
  windows: uint(32),
});

it('gives DuckDB every value as it is, also after a fuller block', async () => {
  const database = await Database.open({ memoryBytes: 2 ** 28, temporaryDirectory: folder.path() });
  await database.run(`CREATE TABLE rows(${COLUMNS.map(([name, type]) => `"${name}" ${type}`).join()})`);
  const chunk = new RowChunk();
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
      await database.use(async (connection) => {
        await connection.run('DELETE FROM rows');
        const appender = await connection.createAppender('rows');
        const block = new RowBlock();
        for (const one of rows) block.push(one);
        appender.appendDataChunk(chunk.fill(full(rows[0]!)));
        appender.appendDataChunk(chunk.fill(block));
        appender.closeSync();
        const read = (await connection.runAndReadAll(`SELECT ${ROW_COLUMNS} FROM rows`)).getRows();
        expect(read).toHaveLength(BLOCK_ROWS + rows.length);
        expect(read.slice(BLOCK_ROWS).map(toHistoryRow)).toEqual(rows);
      });
    }),
    { numRuns: 30 },
  );
  await database.close();
});

function full(one: HistoryRow): RowBlock {
  const block = new RowBlock();
  while (!block.isFull) block.push(one);
  return block;
}
