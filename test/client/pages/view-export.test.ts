import { describe, expect, it } from 'vitest';
import { capturesPath } from '../../../client/pages/view-export.ts';
import { LINE_LIMIT } from '../../../client/store/looking-back.ts';
import { CaptureQuery } from '../../../server/http/capture-requests.ts';

const NAMES = Array.from({ length: LINE_LIMIT }, (_, i) => `PMT-${i}.view_a`);

describe('the way to the recordings of what is seen', () => {
  it('names every channel and the range, as the server takes them', () => {
    const path = capturesPath({ names: NAMES, range: { fromMs: 1000.6, toMs: 2000.2 } });

    const query = Object.fromEntries(new URL(path, 'http://localhost').searchParams);
    expect(CaptureQuery.parse(query)).toEqual({ channel: NAMES, from: 1000, to: 2001, limit: 100 });
  });

  it('names no range where nothing is known of the time', () => {
    expect(capturesPath({ names: ['PMT-1'], range: undefined })).toBe('/captures?channel=PMT-1');
  });

  it.each(['PMT-1,', ',', 'PMT-1,../x', `${NAMES.join(',')},ninth`])('is refused where it names %s', (channel) => {
    expect(CaptureQuery.safeParse({ channel }).success).toBe(false);
  });
});
