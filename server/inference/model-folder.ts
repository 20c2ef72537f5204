import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelManifest } from '../model/manifest.ts';
import { type Finding, failed, noted, passed } from './finding.ts';
import { parseJson } from './parse-json.ts';

/** A model as its folder has it. Its bytes lie in memory that threads share. */
export interface Model {
  readonly manifest: ModelManifest;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** What was found in a folder; no model where a check failed. */
export interface ReadModel {
  readonly findings: readonly Finding[];
  readonly model?: Model;
}

export const MODEL_FILE = 'model.onnx';
export const MANIFEST_FILE = 'manifest.json';
/** Beyond it a file is refused unread. */
export const MODEL_BYTES_LIMIT = 128 << 20;
export const MANIFEST_BYTES_LIMIT = 1 << 20;
// A turn of the thread that serves people: reading and hashing so much takes a millisecond or two.
const CHUNK_BYTES = 1 << 20;
// A pipe in the place of a file would else be waited for.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a model's folder and checks all that can be told without running it. Never rejects. */
export async function readModelFolder(folder: string): Promise<ReadModel> {
  const findings: Finding[] = [];
  const text = await readWholeFile(join(folder, MANIFEST_FILE), MANIFEST_BYTES_LIMIT);
  const model = await readWholeFile(join(folder, MODEL_FILE), MODEL_BYTES_LIMIT);
  const unread = [text, model].flatMap((file) => (file.kind === 'unread' ? [failed('files', file.problem)] : []));
  if (text.kind === 'unread' || model.kind === 'unread') return { findings: unread };
  findings.push(passed('files', `${MODEL_FILE} has ${model.bytes.length} bytes`));

  const manifest = parseManifest(Buffer.from(text.bytes).toString('utf8'));
  if (!('format' in manifest)) return { findings: [...findings, ...manifest] };
  const { name, version, sha256, classes } = manifest;
  findings.push(passed('manifest', `${name} ${version}, ${classes.length} classes`));

  if (model.sha256 !== sha256) {
    const message = `${MODEL_FILE} has ${model.sha256}; expected ${sha256}, as ${MANIFEST_FILE} says: it is not the file that was described`;
    return { findings: [...findings, failed('sha256', message)] };
  }
  findings.push(passed('sha256', sha256));
  if (manifest.training.live === false) {
    findings.push(noted('live', 'made for recorded runs: it looks at more features than a live model should, 2,700'));
  }
  return { findings, model: { manifest, bytes: model.bytes } };
}

/** The manifest of a folder, without its graph; what is wrong where it cannot be read. Never rejects. */
export async function readManifest(folder: string): Promise<ModelManifest | Finding[]> {
  const text = await readWholeFile(join(folder, MANIFEST_FILE), MANIFEST_BYTES_LIMIT);
  if (text.kind === 'unread') return [failed('files', text.problem)];
  return parseManifest(Buffer.from(text.bytes).toString('utf8'));
}

export type ReadFile =
  | { readonly kind: 'read'; readonly bytes: Uint8Array<SharedArrayBuffer>; readonly sha256: string }
  | { readonly kind: 'unread'; readonly problem: string; readonly isAbsent: boolean };

/** A file of a model's folder, if it is one and not too long. */
export async function readWholeFile(path: string, limitBytes: number): Promise<ReadFile> {
  let file: FileHandle;
  try {
    file = await open(path, OPEN_FLAGS);
  } catch (error) {
    return unread(
      `${path} cannot be read: ${(error as Error).message}`,
      (error as NodeJS.ErrnoException).code === 'ENOENT',
    );
  }
  try {
    return await readOpen(file, path, limitBytes);
  } catch (error) {
    return unread(`${path} cannot be read: ${(error as Error).message}`);
  } finally {
    await file.close().catch(() => undefined); // nothing was written
  }
}

async function readOpen(file: FileHandle, path: string, limitBytes: number): Promise<ReadFile> {
  const stat = await file.stat();
  if (!stat.isFile()) return unread(`${path} is no file`);
  if (stat.size === 0) return unread(`${path} is empty`);
  if (stat.size > limitBytes) {
    return unread(`${path} has ${stat.size} bytes; expected at most ${limitBytes}`);
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(stat.size));
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at));
    if (bytesRead === 0) return unread(`${path} became shorter while it was read`);
    hash.update(bytes.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  return { kind: 'read', bytes, sha256: hash.digest('hex') };
}

function unread(problem: string, isAbsent = false): ReadFile {
  return { kind: 'unread', problem, isAbsent };
}

/** The manifest, or what is wrong with each of its fields. Never throws: no folder may end the server. */
function parseManifest(text: string): ModelManifest | Finding[] {
  try {
    const parsed = parseJson(MANIFEST_FILE, text, ModelManifest);
    return 'content' in parsed ? parsed.content : parsed.problems.map((problem) => failed('manifest', problem));
  } catch (error) {
    return [failed('manifest', `it cannot be read: ${(error as Error).message}`)];
  }
}
