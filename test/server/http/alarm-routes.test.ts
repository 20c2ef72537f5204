import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../server/base/errors.ts';
import { closeServer } from '../../../server/http/http-server.ts';
import type { AlarmAction } from '../../../server/wire/alarm-actions.ts';
import type { AlarmActor } from '../../../server/wire/alarm-journal.ts';
import type { AlarmReply, AlarmsReply } from '../../../server/wire/alarms.ts';
import { noAlarms } from '../../support/no-alarms.ts';
import { serveApp } from '../../support/served-app.ts';

const ID = '3f0e4ba0-6e5b-4d5e-9a63-0f4c0f3a1c11';
const SEEN = { tag: 'light-high:lamp', occurrence: 1, version: 2 };

let server: Server;
let url: string;
let taken: { readonly action: AlarmAction; readonly actor: AlarmActor }[];
let failure: AppError | undefined;

beforeEach(async () => {
  taken = [];
  failure = undefined;
  const urgent = alarm('urgent:lamp', { priority: 'critical', state: 'acknowledged' });
  const shelved = alarm('shelved:lamp', { hidden: [{ reason: 'shelved', sinceMs: 1, untilMs: 2 }] });
  const standing = [shelved, urgent, alarm('old:lamp', { raisedMs: 1 }), alarm('new:lamp', { raisedMs: 2 })];
  const served = await serveApp({
    alarms: {
      ...noAlarms(),
      standing: () => standing,
      all: () => [...standing, alarm('quiet:lamp', { state: 'normal' })],
      find: (tag) => standing.find((one) => one.tag === tag),
      flood: () => ({ sinceMs: 5, firstOut: 'old:lamp' }),
      act: async (action, actor) => {
        if (failure !== undefined) throw failure;
        taken.push({ action, actor });
        return { id: action.id, results: [] };
      },
    },
  });
  server = served.server;
  url = `http://127.0.0.1:${served.port}/api/alarms`;
});

afterEach(() => closeServer(server));

describe('the routes of alarms', () => {
  it('list what is not simply normal, the most urgent first, what is hidden last', async () => {
    const { alarms, flood } = (await (await fetch(url)).json()) as AlarmsReply;

    expect(alarms.map(({ tag }) => tag)).toEqual(['new:lamp', 'old:lamp', 'urgent:lamp', 'shelved:lamp']);
    expect(flood).toEqual({ sinceMs: 5, firstOut: 'old:lamp' });
    const all = (await (await fetch(`${url}?all=true`)).json()) as AlarmsReply;
    expect(all.alarms.map(({ tag }) => tag)).toContain('quiet:lamp');
  });

  it('give no more than is asked for, and the rest by tag page after page', async () => {
    const most = (await (await fetch(`${url}?limit=1`)).json()) as AlarmsReply;
    expect([most.alarms.map(({ tag }) => tag), most.total, most.next]).toEqual([['new:lamp'], 4, undefined]);

    const first = (await (await fetch(`${url}?all=true&limit=3&after=`)).json()) as AlarmsReply;
    const rest = (await (await fetch(`${url}?all=true&limit=3&after=${first.next}`)).json()) as AlarmsReply;
    expect([first, rest].map(({ alarms }) => alarms.map(({ tag }) => tag))).toEqual([
      ['new:lamp', 'old:lamp', 'quiet:lamp'],
      ['shelved:lamp', 'urgent:lamp'],
    ]);
    expect([first.total, rest.next]).toEqual([5, undefined]);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', `after=${'x'.repeat(201)}`, 'page=2'])('refuse %s', async (query) => {
    const reply = await fetch(`${url}?${query}`);
    expect([reply.status, await reply.json()]).toMatchObject([400, { code: 'REQUEST_INVALID' }]);
  });

  it('tell one by its tag, and say what they expect where there is none', async () => {
    expect(await (await fetch(`${url}/urgent:lamp`)).json()).toMatchObject({ tag: 'urgent:lamp' });
    const none = await fetch(`${url}/none:lamp`);
    expect([none.status, await none.json()]).toMatchObject([404, { code: 'ALARM_UNKNOWN' }]);
  });

  it('pass an action on with who signs it and where from', async () => {
    const reply = await act({ id: ID, action: 'acknowledge', alarms: [SEEN], comment: ' seen ' });

    expect([reply.status, await reply.json()]).toEqual([200, { id: ID, results: [] }]);
    expect(taken).toEqual([
      {
        action: { id: ID, action: 'acknowledge', alarms: [SEEN], comment: 'seen' },
        actor: { name: '김', address: '127.0.0.1' },
      },
    ]);
  });

  it.each<[string, object, string]>([
    ['without a reason to shelve', { action: 'shelve', alarms: [SEEN], until: 'end-of-shift' }, 'comment'],
    ['for longer than a day', { action: 'shelve', alarms: [SEEN], comment: 'x', until: { seconds: 86_401 } }, 'until'],
    ['of no alarm', { action: 'acknowledge', alarms: [] }, 'alarms'],
    ['of one alarm twice', { action: 'acknowledge', alarms: [SEEN, SEEN] }, 'each alarm once'],
    ['of another kind', { action: 'forget', alarms: [SEEN] }, 'action'],
    ['with more than there is', { action: 'acknowledge', alarms: [SEEN], force: true }, 'force'],
    ['with half a character', { action: 'comment', alarms: [SEEN], comment: '\ud800' }, 'comment'],
  ])('refuse an action %s', async (_name, body, named) => {
    const reply = await act({ id: ID, ...body });

    expect([reply.status, await reply.json()]).toMatchObject([
      400,
      { code: 'REQUEST_INVALID', message: expect.stringContaining(named) },
    ]);
    expect(taken).toEqual([]);
  });

  it('refuse an action that nobody signs, and one that cannot be kept', async () => {
    const body = { id: ID, action: 'acknowledge', alarms: [SEEN] };
    const unsigned = await act(body, {});
    expect([unsigned.status, await unsigned.json()]).toMatchObject([400, { code: 'PERSON_REQUIRED' }]);

    failure = new AppError('STORAGE_FAILED', 'the disk is full; nothing was done');
    const unkept = await act(body);
    expect([unkept.status, await unkept.json()]).toEqual([
      503,
      { code: 'STORAGE_FAILED', message: 'the disk is full; nothing was done' },
    ]);
  });
});

function act(body: object, signature: Record<string, string> = { 'fenestra-person': encodeURIComponent('김') }) {
  return fetch(`${url}/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signature },
    body: JSON.stringify(body),
  });
}

function alarm(tag: string, more: Partial<AlarmReply> = {}): AlarmReply {
  const [definition = '', channel = ''] = tag.split(':');
  const plain = { priority: 'low', state: 'unacknowledged', hidden: [], occurrence: 1, version: 1 } as const;
  return { tag, definition, channel, ...plain, ...more };
}
