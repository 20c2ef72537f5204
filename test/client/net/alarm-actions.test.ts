import { expect, it } from 'vitest';
import { createActionId, sendAlarmAction } from '../../../client/net/alarm-actions.ts';
import { signedFetch } from '../../../client/net/signed.ts';
import { AlarmAction } from '../../../server/wire/alarm-actions.ts';
import { PERSON_HEADER } from '../../../server/wire/session.ts';

const ACTION: AlarmAction = {
  action: 'shelve',
  id: createActionId(),
  alarms: [{ tag: 'light-high:PMT-1', occurrence: 1, version: 2 }],
  comment: '램프 교체',
  until: 'end-of-shift',
};

it('asks for what the server takes, under an identifier of its own', async () => {
  const asked: [string, RequestInit | undefined][] = [];
  const reply = { id: ACTION.id, results: [{ tag: 'light-high:PMT-1' }] };
  const fetch = async (path: string, options?: RequestInit) => {
    asked.push([path, options]);
    return Response.json(reply);
  };

  expect(await sendAlarmAction(fetch, ACTION, { name: undefined, isLeaving: true })).toEqual({
    kind: 'answered',
    reply,
  });
  expect(asked).toMatchObject([['/api/alarms/actions', { method: 'POST', keepalive: true }]]);
  expect(AlarmAction.parse(JSON.parse(String(asked[0][1]?.body)))).toEqual(ACTION);
  expect(createActionId()).not.toBe(ACTION.id);
});

it('is kept alive no more than browsers allow, and only by a page that is left', async () => {
  const kept: unknown[] = [];
  const fetch = async (_path: string, options?: RequestInit) => {
    kept.push(options?.keepalive);
    return Response.json({});
  };
  const alarms = Array.from({ length: 1000 }, (_, i) => ({ tag: `light-high:PMT-${i}`, occurrence: 1, version: 1 }));
  await sendAlarmAction(fetch, { ...ACTION, alarms }, { name: undefined, isLeaving: true });
  await sendAlarmAction(fetch, ACTION, { name: undefined, isLeaving: false });

  expect(kept).toEqual([false, false]);
});

it.each([
  ['refused', 'the server will not do it', 403, 'refused'],
  ['failed', 'the journal cannot be written', 503, 'failed'],
  ['failed', 'there are too many requests', 429, 'failed'],
])('is %s where %s', async (_name, message, status, kind) => {
  const fetch = async () => Response.json({ code: 'SOME_CODE', message }, { status });
  const answer = await sendAlarmAction(fetch, ACTION, { name: undefined, isLeaving: false });
  expect(answer).toMatchObject(kind === 'refused' ? { kind, code: 'SOME_CODE', message } : { kind, why: message });
});

it('fails without a line', async () => {
  const fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  expect(await sendAlarmAction(fetch, ACTION, { name: undefined, isLeaving: false })).toEqual({
    kind: 'failed',
    why: undefined,
  });
});

it('carries the name that signed it, whoever the browser signs by when it leaves', async () => {
  const names: (string | null)[] = [];
  const fetch = signedFetch(
    async (_path, options) => {
      names.push(new Headers(options?.headers).get(PERSON_HEADER));
      return Response.json({ id: ACTION.id, results: [] });
    },
    { name: 'Lee', ask: async () => false },
  );

  await sendAlarmAction(fetch, ACTION, { name: '김', isLeaving: false });
  await sendAlarmAction(fetch, ACTION, { name: undefined, isLeaving: false });

  expect(names).toEqual([encodeURIComponent('김'), 'Lee']);
});
