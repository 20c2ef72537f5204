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
