import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { expect, it } from 'vitest';
import { exportWriter } from '../../../server/cli/export-file.ts';
import { exportMeta } from '../../../server/history/export-meta.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo } from '../../support/history-windows.ts';

const ROWS = 5000;
const folder = new Folder();

it('writes Arrow of more rows than come at a time, in the order of the parts', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const streams = ['run-1', 'run-2'].map((stream) => ({ info: channelInfo('PMT-1', stream), rows: ROWS }));
  const paths = [folder.path('1.parquet'), folder.path('2.parquet')];
  for (const [index, path] of paths.entries()) {
    await connection.run(`COPY (SELECT '${streams[index]!.info.stream}' AS stream, i AS "window",
        make_timestamp_ns(i) AS time, 0.0::DOUBLE AS min, 1.0::DOUBLE AS max, 0.5::DOUBLE AS mean, 0.0::DOUBLE AS m2,
        10 AS count, 0 AS clipped, 0 AS nonfinite, 0::USMALLINT AS flags, 1::UINTEGER AS windows
      FROM range(${ROWS}) r(i)) TO '${path}' (FORMAT parquet)`);
  }
  let told = 0;

  const path = folder.path('out.arrow');
  await exportWriter(path)(path, {
    connection,
    parts: { paths, streams, damaged: 0 },
    meta: exportMeta('PMT-1', 0, streams),
    onRows: (rows) => {
      told += rows;
    },
  });
  connection.closeSync();
  instance.closeSync();

  const table = tableFromIPC(readFileSync(path));
  const order = Array.from({ length: 2 * ROWS }, (_, i) => [`run-${i < ROWS ? 1 : 2}`, i % ROWS]);
  expect([...table].map((row) => [row!.stream, Number(row!.window)])).toEqual(order);
  expect(told).toBe(2 * ROWS);
});
