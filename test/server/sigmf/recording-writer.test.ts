import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecording } from '../../../server/sigmf/recording-reader.ts';
import { type RecordingHeader, RecordingWriter } from '../../../server/sigmf/recording-writer.ts';

// The rules of SigMF 1.2 for what is written here, as the published schema and specification have them.

type Rule = (value: unknown) => boolean;
type Fields = Readonly<Record<string, unknown>>;

const isText: Rule = (value) => typeof value === 'string';
const isIndex: Rule = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const matches =
  (pattern: RegExp): Rule =>
  (value) =>
    isText(value) && pattern.test(value as string);

const RULES: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  global: {
    'core:datatype': matches(/^[cr](i8|u8|(f32|f64|i32|i16|u32|u16)_(le|be))$/),
    'core:version': matches(/^1\.2\.\d+$/),
    'core:sample_rate': (value) => typeof value === 'number' && value >= 1 && value <= 1e12,
    'core:sha512': matches(/^[0-9a-fA-F]{128}$/),
    'core:description': isText,
    'core:hw': isText,
    'core:recorder': isText,
    'core:extensions': (value) => Array.isArray(value) && value.every(isExtension),
  },
  captures: {
    'core:sample_start': isIndex,
    'core:global_index': isIndex,
    'core:datetime': matches(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$/),
  },
  annotations: {
    'core:sample_start': isIndex,
    'core:sample_count': isIndex,
    'core:label': isText,
    'core:comment': isText,
    'core:generator': isText,
    'core:uuid': matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  },
};
const REQUIRED = {
  global: ['core:datatype', 'core:version'],
  captures: ['core:sample_start'],
  annotations: ['core:sample_start'],
};

const HEADER: RecordingHeader = {
  datatype: 'ri16_le',
  rateHz: 10e6,
  channel: 'etch-1.view-a',
  stream: 'run-7',
  scale: 1 / 65_536,
  offset: -0.5,
  unit: 'V',
  fullScale: [-32_000, 32_000],
  description: 'Plasma light',
  hardware: 'PMT',
  recorder: 'fenestra',
};
const SAMPLES = Int16Array.from({ length: 1000 }, (_, i) => i * 31 - 15_000);
const PARTS = {
  captures: [
    { 'core:sample_start': 600, 'core:global_index': 900, 'core:datetime': '2026-01-31T12:00:00.000090000Z' },
    { 'core:sample_start': 0, 'core:global_index': 0, 'core:datetime': '2026-01-31T12:00:00.000000000Z' },
  ],
  annotations: [
    { 'core:sample_start': 700, 'core:sample_count': 3, 'core:label': 'micro-arc' },
    { 'core:sample_start': 20, 'core:uuid': '2b1f7f0e-6f0a-4a1e-9df5-0c6b5d1f3c11', 'core:generator': 'test' },
  ],
};

let folder: string;
let base: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenestra-sigmf-'));
  base = join(folder, 'light');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('RecordingWriter', () => {
  it.each([
    ['with everything', HEADER, PARTS],
    ['with what must be there', { datatype: 'rf64_le', rateHz: 1 }, { captures: [{ 'core:sample_start': 0 }] }],
    ['slower than SigMF knows', { datatype: 'ru8', rateHz: 0.5 }, { captures: [] }],
    ['of bytes', { datatype: 'ru8', rateHz: 48_000 }, { captures: [] }],
  ])('writes a recording %s that follows the rules of SigMF 1.2', async (_name, header, parts) => {
    await write(header, parts);

    const metadata = JSON.parse(readFileSync(`${base}.sigmf-meta`, 'utf8'));
    const digest = createHash('sha512')
      .update(readFileSync(`${base}.sigmf-data`))
      .digest('hex');

    expect(violations(metadata)).toEqual([]);
    expect(metadata.global['core:sha512']).toBe(digest);
    expect(readdirSync(folder).sort()).toEqual(['light.sigmf-data', 'light.sigmf-meta']);
  });

  it('writes what reads back the same', async () => {
    await write(HEADER, PARTS);

    const recording = await openRecording(base);

    expect(recording.metadata.global).toMatchObject({
      'core:datatype': 'ri16_le',
      'core:sample_rate': 10e6,
      'core:description': 'Plasma light',
      'core:hw': 'PMT',
      'core:recorder': 'fenestra',
      'fenestra:channel': 'etch-1.view-a',
      'fenestra:stream': 'run-7',
      'fenestra:scale': 1 / 65_536,
      'fenestra:offset': -0.5,
      'fenestra:unit': 'V',
      'fenestra:full_scale': [-32_000, 32_000],
    });
    expect(recording.metadata.annotations).toEqual(PARTS.annotations.toReversed());
    expect(recording.stretches).toEqual([
      { byteOffset: 0, firstSample: 0, samples: 600, timeNs: 1_769_860_800_000_000_000n },
      { byteOffset: 1200, firstSample: 900, samples: 400, timeNs: 1_769_860_800_000_090_000n },
    ]);
    expect(readFileSync(recording.dataPath)).toEqual(Buffer.from(SAMPLES.buffer));
  });

  it('shows nothing under its name before it is whole, and leaves nothing when given up', async () => {
    const writer = await RecordingWriter.create(base, HEADER);
    await writer.append(new Uint8Array(SAMPLES.buffer));

    expect([readdirSync(folder), writer.samples]).toEqual([['light.sigmf-data.partial'], 1000]);

    await writer.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing when it is given up because it could not be finished', async () => {
    const writer = await RecordingWriter.create(base, HEADER);

    const wrong = { captures: [{ 'core:sample_start': 1n as unknown as number }] };
    await expect(writer.finish(wrong)).rejects.toThrow('BigInt');
    await writer.abandon();

    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([0, 2e12, Number.NaN])('refuses a sample rate of %d Hz, which is none', async (rateHz) => {
    await expect(RecordingWriter.create(base, { datatype: 'ru8', rateHz })).rejects.toThrow(RangeError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses half a sample', async () => {
    const writer = await RecordingWriter.create(base, HEADER);

    await expect(writer.append(new Uint8Array(3))).rejects.toThrow('3 bytes, expected a multiple of 2');
    await writer.abandon();
  });
});

async function write(header: RecordingHeader, parts: Parameters<RecordingWriter['finish']>[0]): Promise<void> {
  const writer = await RecordingWriter.create(base, header);
  const bytes = new Uint8Array(SAMPLES.buffer);
  await writer.append(bytes.subarray(0, 800));
  await writer.append(bytes.subarray(800));
  await writer.finish(parts);
}

/** What breaks a rule, in words. */
function violations(metadata: Readonly<Record<string, unknown>>): string[] {
  const { global, captures, annotations, ...others } = metadata as Record<string, Fields & Fields[]>;
  const faults = Object.keys(others).map((key) => `${key} at the top`);
  const declared = new Set((global['core:extensions'] as { name: string }[] | undefined)?.map(({ name }) => name));

  const parts = { global: [global as Fields], captures: captures as Fields[], annotations: annotations as Fields[] };
  for (const [part, rows] of Object.entries(parts) as [keyof typeof parts, Fields[]][]) {
    for (const row of rows) {
      faults.push(...REQUIRED[part].filter((key) => !(key in row)).map((key) => `${part}: no ${key}`));
      for (const [key, value] of Object.entries(row)) {
        const space = key.split(':', 1)[0]!;
        const isRight = space === 'core' ? RULES[part]?.[key]?.(value) : declared.has(space);
        if (isRight !== true) faults.push(`${part}: ${key} is ${JSON.stringify(value)}`);
      }
    }
    const starts = rows.map((row) => row['core:sample_start'] as number);
    if (starts.some((start, i) => i > 0 && start < starts[i - 1]!)) faults.push(`${part} out of order`);
  }
  return faults;
}

function isExtension(value: unknown): boolean {
  const { name, version, optional, ...others } = value as Fields;
  const isWhole = matches(/^[A-Za-z][\w-]*$/)(name) && matches(/^\d+\.\d+\.\d+$/)(version);
  return isWhole && typeof optional === 'boolean' && Object.keys(others).length === 0;
}
