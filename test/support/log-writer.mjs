import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import { AppendLog } from '../../build/server/durable/append-log.js';

// A process that appends to a log, from several places at once, and says what came of each append before it goes on:
//
//   ok <number of the first record> <name> <records>
//   no <name> <error code>
//
// usage: log-writer.mjs FOLDER SEGMENT_BYTES NAME APPENDS LANES; it ends after so many appends, the last one taken.

const [folder, segmentBytes, prefix, appends, lanes] = process.argv.slice(2);
const log = await open();
let count = 0;

await Promise.all(Array.from({ length: Number(lanes) }, lane));
while (!(await append(count++)));
await log.close().catch((error) => say(`close ${error.code}`));
say('end');

async function lane() {
  while (count < Number(appends)) {
    await append(count++);
    await turn();
  }
}

async function append(number) {
  const name = `${prefix}.${number}`;
  const payloads = Array.from({ length: 1 + (number % 3) }, (_, i) =>
    Buffer.from(`${name}/${i} `.padEnd((number * 37) % 500, '.')),
  );
  try {
    const { from } = await log.append(payloads);
    say(`ok ${from} ${name} ${payloads.length}`);
    return true;
  } catch (error) {
    say(`no ${name} ${error.code}`);
    return false;
  }
}

async function open() {
  for (;;) {
    try {
      return await AppendLog.open({ folder, segmentBytes: Number(segmentBytes), log: pino({ level: 'silent' }) });
    } catch (error) {
      say(`open ${error.code}`);
    }
  }
}

// Whole before it returns: what was said before a kill was said.
function say(line) {
  writeSync(1, `${line}\n`);
}
