import { describe, expect, it, vi } from 'vitest';
import { Renewal } from '../../../client/net/renewal.ts';

const OWN = '<script type="module" src="/assets/index-own.js"></script>';
const OTHER = '<script type="module" src="/assets/index-other.js"></script>';

describe('renewal', () => {
  it('loads the page anew where the server has another build, once in ten minutes', async () => {
    const { renewal, reload, pass } = create(async () => new Response(OTHER));

    await renewal.renew();
    await renewal.renew();
    pass(599_000);
    await renewal.renew();
    expect(reload).toHaveBeenCalledTimes(1);
    pass(1000);
    await renewal.renew();

    expect(reload).toHaveBeenCalledTimes(2);
  });

  it.each<[string, () => Promise<Response>]>([
    ['has the same build', async () => new Response(OWN)],
    ['has no page', async () => new Response(OTHER, { status: 503 })],
    ['is out of reach', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('loads nothing from a server that %s', async (_name, fetch) => {
    const { renewal, reload } = create(fetch);

    await renewal.renew();

    expect(reload).not.toHaveBeenCalled();
  });

  it('loads nothing where it cannot note that it did', async () => {
    const { renewal, reload } = create(
      async () => new Response(OTHER),
      () => {
        throw new Error('forbidden');
      },
    );

    await renewal.renew();

    expect(reload).not.toHaveBeenCalled();
  });

  it('loads the same build anew only where a part of it failed many times though the server answers', async () => {
    const { renewal, reload } = create(async () => new Response(OWN));

    for (let failures = 1; failures < 10; failures++) await renewal.repair(failures);
    expect(reload).not.toHaveBeenCalled();
    for (let failures = 10; failures < 20; failures++) await renewal.repair(failures);

    expect(reload).toHaveBeenCalledTimes(1);
    const away = create(() => Promise.reject(new TypeError('Failed to fetch')));
    await away.renewal.repair(10);
    expect(away.reload).not.toHaveBeenCalled();
  });

  it('is not held off by a note of the future, as of a clock that was set back', async () => {
    const { renewal, reload, pass } = create(async () => new Response(OTHER));
    await renewal.renew();

    pass(-86_400_000);
    await renewal.renew();

    expect(reload).toHaveBeenCalledTimes(2);
  });
});

function create(fetch: () => Promise<Response>, storage?: () => Storage) {
  const noted = new Map<string, string>();
  const reload = vi.fn();
  let nowMs = 1_700_000_000_000;
  const renewal = new Renewal({
    page: '/',
    script: '/assets/index-own.js',
    fetch,
    storage:
      storage ??
      (() => ({ getItem: (key) => noted.get(key) ?? null, setItem: (key, value) => void noted.set(key, value) })),
    wallMs: () => nowMs,
    reload,
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { renewal, reload, pass };
}
