import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../server/history/database.ts';

/** Makes a history, on which nobody runs, one of a Fenestra that kept no diagnoses: of format 1, without tables for them. */
export async function withoutDiagnoses(directory: string): Promise<void> {
  const database = await Database.open({ memoryBytes: 2 ** 28, temporaryDirectory: join(directory, 'temporary') });
  await database.attach('catalogue', join(directory, 'catalogue.duckdb'));
  await database.run('DROP TABLE catalogue.diagnosis_files; UPDATE catalogue.format SET version = 1');
  await database.detach('catalogue');
  for (const name of readdirSync(directory).filter((one) => /^segment.*\.duckdb$/.test(one))) {
    await database.attach('segment', join(directory, name));
    await database.run('DROP TABLE segment.diagnoses');
    await database.detach('segment');
  }
  await database.close();
}
