import { writeSync } from 'node:fs';
import { pino } from 'pino';
import { VersionedStore } from '../../build/server/durable/versioned-store.js';

// A process that changes the documents of a store, and says what came of each change before it goes on:
//
//   ok <key> <version> <words>
//   no <key> <words> <error code>
//
// The first documents are large and the others small, so that the store is written anew when the large ones are old.
// usage: store-writer.mjs FOLDER NAME CHANGES

const LARGE = 12;
const [folder, name, changes] = process.argv.slice(2);
const store = await open();
for (let i = 0; i < Number(changes); i++) {
  const key = `key-${i < LARGE ? 0 : i % 3 === 0 ? 1 : 0}`;
  const words = `${name}.${i}`;
  const document = { words, room: 'x'.repeat(i < LARGE ? 100_000 : 10) };
  try {
    const version = await store.put(key, document, { expectedVersion: store.get(key)?.version ?? 0, by: 'Test' });
    writeSync(1, `ok ${key} ${version} ${words}\n`);
  } catch (error) {
    writeSync(1, `no ${key} ${words} ${error.code}\n`);
  }
}
await store.close().catch(() => undefined);
writeSync(1, 'end\n');

async function open() {
  const most = { documents: 10, bytes: 1 << 20 };
  for (;;) {
    try {
      return await VersionedStore.open({ folder, log: pino({ level: 'silent' }), parse: (json) => json, most });
    } catch (error) {
      writeSync(1, `open ${error.code}\n`);
    }
  }
}
