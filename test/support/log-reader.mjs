import { pino } from 'pino';
import { AppendLog } from '../../build/server/durable/append-log.js';

// A process that opens a log and says which numbers its records begin with, and what is missing.
// usage: log-reader.mjs FOLDER

const log = await AppendLog.open({ folder: process.argv[2], segmentBytes: 16_384, log: pino({ level: 'silent' }) });
const left = [];
for await (const { payload } of log.read(1)) left.push(Number.parseInt(`${payload}`, 10));
process.stdout.write(JSON.stringify({ left, gaps: log.status().gaps }));
await log.close();
