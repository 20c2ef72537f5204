import { truncateSync } from 'node:fs';
import { expect, it } from 'vitest';
import { captureFiles } from '../../../server/capture/capture-files.ts';
import { sizeFault } from '../../../server/capture/file-check.ts';
import { CaptureSchema } from '../../../server/wire/capture-schema.ts';
import { overviewBytes } from '../../../server/wire/captures.ts';
import { captureReply, writeCapture } from '../../support/capture-files.ts';
import { Folder } from '../../support/folder.ts';

const folder = new Folder();

it('takes an overview for whole by its extremes and its figures, or by its extremes where it has no figures', async () => {
  const capture = captureReply({ id: 'c', samples: 12_345 });
  const { figures: _, ...extremes } = capture.overview;
  const old = { ...capture, overview: extremes };
  const files = captureFiles(folder.path(), 'c');

  await writeCapture(folder.path(), new Int16Array(12_345), capture);
  expect(CaptureSchema.parse(capture)).toEqual(capture);
  expect(await sizeFault(files, capture)).toBeUndefined();
  expect(await sizeFault(files, old)).toContain('overview');

  truncateSync(files.overview, overviewBytes(capture.overview).extremes);
  expect(CaptureSchema.parse(old)).toEqual(old);
  expect(await sizeFault(files, old)).toBeUndefined();
  expect(await sizeFault(files, capture)).toBe('its overview are damaged: 400 bytes, expected 520');
});
