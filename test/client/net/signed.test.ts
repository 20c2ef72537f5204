import { beforeEach, describe, expect, it } from 'vitest';
import { requestJson } from '../../../client/net/request.ts';
import { type Signer, signedFetch } from '../../../client/net/signed.ts';

interface Sent {
  readonly method: string;
  readonly name: string | null;
  readonly body: unknown;
  readonly type: string | null;
}

let sent: Sent[];
let refusals: string[];
let wanted: string[];
let name: string | undefined;
let gives: boolean;

beforeEach(() => {
  sent = [];
  refusals = [];
  wanted = [];
  name = undefined;
  gives = true;
});

describe('a signed request', () => {
  it('carries the name, in letters that a header may hold, where it changes something', async () => {
    name = '김 <b>';
    await requestJson(fetch(), '/api/captures', POST);
    await requestJson(fetch(), '/api/captures', { method: 'DELETE' });
    await requestJson(fetch(), '/api/captures');

    const encoded = '%EA%B9%80%20%3Cb%3E';
    expect(sent).toEqual([
      { method: 'POST', name: encoded, body: '{"a":1}', type: 'application/json' },
      { method: 'DELETE', name: encoded, body: undefined, type: null },
      { method: 'GET', name: null, body: undefined, type: null },
    ]);
  });

  it('is asked again, whole, once the person gave what it took', async () => {
    refusals = ['SECRET_REQUIRED', 'PERSON_REQUIRED'];

    expect(await requestJson(fetch(), '/api/captures', POST)).toEqual({ ok: true });

    expect(wanted).toEqual(['secret', 'name']);
    expect(sent.map((each) => [each.name, each.body])).toEqual([
      [null, '{"a":1}'],
      [null, '{"a":1}'],
      ['Kim', '{"a":1}'],
    ]);
  });

  it.each(['SECRET_REQUIRED', 'PERSON_REQUIRED'])(
    'fails as it was refused by %s where the person would not',
    async (code) => {
      refusals = [code];
      gives = false;

      await expect(requestJson(fetch(), '/api/captures', POST)).rejects.toMatchObject({ name: 'RefusedError', code });
      expect(sent).toHaveLength(1);
    },
  );

  it('asks for the same thing once, though it did not help', async () => {
    refusals = ['SECRET_REQUIRED', 'SECRET_REQUIRED'];

    await expect(requestJson(fetch(), '/x', POST)).rejects.toMatchObject({ code: 'SECRET_REQUIRED' });
    expect(wanted).toEqual(['secret']);
  });

  it('asks nobody for anything else', async () => {
    refusals = ['CHANNEL_UNKNOWN'];

    await expect(requestJson(fetch(), '/x', POST)).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN' });
    expect(wanted).toEqual([]);
  });
});

const POST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };

function fetch() {
  const signer: Signer = {
    get name() {
      return name;
    },
    ask: async (want) => {
      wanted.push(want);
      if (gives && want === 'name') name = 'Kim';
      return gives;
    },
  };
  return signedFetch(async (_path, options = {}) => {
    const headers = new Headers(options.headers);
    sent.push({
      method: options.method ?? 'GET',
      name: headers.get('Fenestra-Person'),
      body: options.body ?? undefined,
      type: headers.get('content-type'),
    });
    const code = refusals.shift();
    if (code === undefined) return Response.json({ ok: true });
    return Response.json({ code, message: 'refused' }, { status: 401 });
  }, signer);
}
