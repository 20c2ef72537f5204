import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it, vi } from 'vitest';
import { Database } from '../../../server/history/database.ts';
import { Folder } from '../../support/folder.ts';

const folder = new Folder();

it('is opened anew by one at a time, and by nobody once it is closed', async () => {
  const database = await Database.open({ memoryBytes: 2 ** 28, temporaryDirectory: folder.path('temporary') });
  const create = DuckDBInstance.create.bind(DuckDBInstance);
  let [underWay, most] = [0, 0];
  const spy = vi.spyOn(DuckDBInstance, 'create').mockImplementation(async (...options) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return create(...options).finally(() => underWay--);
  });

  await Promise.all([database.reopen(), database.reopen(), database.reopen()]);

  expect([spy.mock.calls.length, most]).toEqual([3, 1]);
  spy.mockRestore();
  await database.close();
  await expect(database.reopen()).rejects.toThrow('closed');
});

it.each([
  ['remembers what it read of Parquet files that never change', true, [true, 'NO_VALIDATION']],
  ['looks at Parquet files again where they may change', undefined, [false, 'VALIDATE_ALL']],
])('%s, also once it is opened anew', async (_name, parquetNeverChanges, expected) => {
  const temporaryDirectory = folder.path('temporary');
  const database = await Database.open({ memoryBytes: 2 ** 28, temporaryDirectory, parquetNeverChanges });
  const settings = () =>
    database.use(async (connection) => {
      const sql = "SELECT current_setting('parquet_metadata_cache'), current_setting('validate_external_file_cache')";
      return (await connection.runAndReadAll(sql)).getRows();
    });

  expect(await settings()).toEqual([expected]);
  await database.reopen();
  expect(await settings()).toEqual([expected]);
  await database.close();
});
