import { describe, expect, it } from 'vitest';
import { capturesPath, diagnosisLinks } from '../../../client/pages/view-export.ts';
import type { DiagnosisTimeline } from '../../../client/store/diagnosis-timeline.ts';
import { LINE_LIMIT } from '../../../client/store/looking-back.ts';
import { CaptureQuery } from '../../../server/http/capture-requests.ts';
import { readRowsQuery } from '../../../server/http/diagnosis-query.ts';

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

describe('the diagnoses of what is seen', () => {
  const diagnoses = (name: string) => ({ hasAny: name === 'a/b' }) as DiagnosisTimeline;
  const lines = [
    { name: 'a/b', label: 'A' },
    { name: 'c', label: 'C' },
  ];

  it('are given of each channel that has any, for its range, as the server takes it', () => {
    const [link, ...others] = diagnosisLinks({ range: { fromMs: 1000.5, toMs: 2000.25 }, diagnoses }, lines);
    const { pathname, searchParams } = new URL(link!.href, 'http://localhost');

    expect([link!.label, pathname, others]).toEqual(['A', '/api/channels/a%2Fb/diagnoses/rows', []]);
    expect(readRowsQuery('ab', Object.fromEntries(searchParams))).toEqual({
      ...{ channel: 'ab', fromNs: 1_000_500_000n, toNs: 2_000_250_000n },
    });
    expect(diagnosisLinks({ range: undefined, diagnoses }, lines)).toEqual([]);
  });
});
