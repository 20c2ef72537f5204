import { describe, expect, it } from 'vitest';
import { ringSeconds } from '../../../client/net/ring-seconds.ts';

const SYSTEM = { recording: { rings: [{ channel: 'lamp', seconds: 12 }] } };

describe('ringSeconds', () => {
  it('asks once for all who ask at the same moment, and anew for who asks later', async () => {
    const asked: string[] = [];
    const fetch = async (path: string) => {
      asked.push(path);
      return Response.json(SYSTEM);
    };

    expect(await Promise.all([ringSeconds(fetch, 'lamp'), ringSeconds(fetch, 'pump')])).toEqual([12, undefined]);
    expect(asked).toEqual(['/api/system']);
    expect(await ringSeconds(fetch, 'lamp')).toBe(12);
    expect(asked).toHaveLength(2);
  });

  it('tells all of them that it failed, and tries again for the next', async () => {
    let isUp = false;
    const fetch = async () => (isUp ? Response.json(SYSTEM) : new Response('', { status: 503 }));

    const both = await Promise.allSettled([ringSeconds(fetch, 'lamp'), ringSeconds(fetch, 'lamp')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isUp = true;
    expect(await ringSeconds(fetch, 'lamp')).toBe(12);
  });
});
