import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openLog, SEGMENT_BYTES } from './logs.ts';

const PROGRAM = fileURLToPath(new URL('log-writer.mjs', import.meta.url));

interface LogWriterOptions {
  readonly name: string;
  readonly appends: number;
  readonly lanes?: number;
  readonly segmentBytes?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Those of the processes before it. */
  readonly lines?: string[];
}

/** A process that appends to a log and says what came of it. */
export class LogWriter {
  /** What it said, of all processes that wrote to this log. */
  readonly lines: string[];
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  #heard: () => void = () => undefined;

  constructor(folder: string, options: LogWriterOptions) {
    const { name, appends, lanes = 4, env = {}, lines = [], segmentBytes = SEGMENT_BYTES } = options;
    this.lines = lines;
    const words = [PROGRAM, folder, String(segmentBytes), name, String(appends), String(lanes)];
    this.#process = spawn(process.execPath, words, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const reader = createInterface(this.#process.stdout!);
    reader.on('line', (line) => {
      this.lines.push(line);
      this.#heard();
    });
    this.ended = new Promise((resolve) => reader.once('close', resolve));
  }

  /** Resolves when it has said so many lines more, or has ended. */
  async says(count: number): Promise<void> {
    const enough = this.lines.length + count;
    const heard = new Promise<void>((resolve) => {
      this.#heard = () => this.lines.length >= enough && resolve();
    });
    await Promise.race([heard, this.ended]);
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

/** Expects every record that was acknowledged, none that was refused, none twice, and nothing else but what was under way. */
export async function expectWritten(
  folder: string,
  lines: readonly string[],
): Promise<{ acknowledged: number; refused: number }> {
  const log = await openLog(folder);
  const found = new Map<number, string>();
  for await (const { sequence, payload } of log.read(1)) found.set(sequence, `${payload}`.split(' ')[0]!);
  const { gaps, damage } = log.status();
  await log.close();
  const taken = lines.filter((line) => line.startsWith('ok')).map((line) => line.split(' '));
  const refused = lines.filter((line) => line.startsWith('no')).map((line) => line.split(' ')[1]!);

  const lost = taken.flatMap(([, from, name, count]) =>
    Array.from({ length: Number(count) }, (_, i) => i)
      .filter((i) => found.get(Number(from) + i) !== `${name}/${i}`)
      .map((i) => `${name}/${i}`),
  );
  expect(lost).toEqual([]);
  expect([...found.values()].filter((text) => refused.includes(text.split('/')[0]!))).toEqual([]);
  expect(new Set(found.values()).size).toBe(found.size);
  expect({ gaps, damage }).toEqual({ gaps: [], damage: { records: 0, bytes: 0, files: 0 } });
  return { acknowledged: taken.length, refused: refused.length };
}
