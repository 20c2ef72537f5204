import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { AlertGroup } from '../../../server/notify/alertmanager.ts';
import { Refused } from '../../../server/notify/destination.ts';
import { Webhook, type WebhookSettings } from '../../../server/notify/webhook.ts';
import { ALARM_EVENTS } from '../../../server/wire/alarm-journal.ts';
import { ALARM_PRIORITIES } from '../../../server/wire/alarms.ts';
import { alarmMessage } from '../../support/outputs.ts';

const servers: Server[] = [];
const still = new AbortController().signal;

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a webhook', () => {
  it('sends what Alertmanager sends, signed', async () => {
    const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
    const url = await listen(async (req, res) => {
      requests.push({ headers: req.headers, body: await textOf(req) });
      res.end('thanks');
    });
    const webhook = webhookTo(url, { secret: 'only we two know' });
    const raised = { ...alarmMessage({ tag: 'hot:etch-1', event: 'raise', version: 7, atMs: 2000 }), ...TEXTS };
    const cleared = alarmMessage({ tag: 'cold:etch-2', event: 'clear', state: 'normal', priority: 'low', atMs: 3000 });
    await webhook.deliver([raised, cleared], still);
    await webhook.deliver([raised, cleared], still);

    const [{ headers, body }, again] = requests as [(typeof requests)[0], (typeof requests)[0]];
    const group = JSON.parse(body) as AlertGroup;
    expect(group).toMatchObject({
      ...{
        version: '4',
        receiver: 'ops',
        status: 'firing',
        truncatedAlerts: 0,
        externalURL: 'https://plant.example/f/',
      },
      ...{ groupKey: '{}:{site="Hall 3"}', groupLabels: { site: 'Hall 3' }, commonLabels: { site: 'Hall 3' } },
    });
    expect(group.alerts).toEqual([
      {
        status: 'firing',
        labels: { alertname: 'hot', alarm: 'hot:etch-1', channel: 'etch-1', severity: 'high', site: 'Hall 3' },
        annotations: {
          ...{ id: 'hot:etch-1/1/7', event: 'raise', state: 'unacknowledged', summary: 'Too hot', action: 'cool' },
          ...{
            cause: 'fire',
            consequence: 'ash',
            summary_ko: '과열',
            cause_ko: '불',
            consequence_ko: '재',
            action_ko: '식히기',
          },
        },
        startsAt: '1970-01-01T00:00:01.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'https://plant.example/f/channels/etch-1',
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
      expect.objectContaining({ status: 'resolved', endsAt: '1970-01-01T00:00:03.000Z' }),
    ]);
    expect(new Set(group.alerts.map(({ fingerprint }) => fingerprint)).size).toBe(2);

    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['fenestra-signature'] as string)!;
    expect(t).toBe('86400');
    expect(v1).toBe(createHmac('sha256', 'only we two know').update(`${t}.${body}`).digest('hex'));
    expect(headers['content-type']).toBe('application/json');
    expect(headers['fenestra-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(again.headers['fenestra-id']).toBe(headers['fenestra-id']);
  });

  it.each([400, 413, 415, 422])('is refused by %i', async (status) => {
    const webhook = webhookTo(await listen((_, res) => res.writeHead(status).end()));
    await expect(webhook.deliver([alarmMessage()], still)).rejects.toThrow(Refused);
  });

  it.each([301, 307, 401, 403, 404, 408, 429, 500, 503])('tries again after %i', async (status) => {
    let asked = 0;
    const elsewhere = await listen((_, res) => {
      asked++;
      res.end();
    });
    const webhook = webhookTo(await listen((_, res) => res.writeHead(status, { Location: elsewhere }).end()));
    const error: Error = await webhook.deliver([alarmMessage()], still).then(
      () => new Error('it was taken'),
      (error) => error as Error,
    );

    expect(error).not.toBeInstanceOf(Refused);
    expect(error.message).toBe(`the receiver answered ${status}, expected 2xx`);
    expect(asked).toBe(0); // no redirect is followed
  });

  it('says why nobody answers, and never where', async () => {
    const url = await listen((req) => req.socket.destroy());
    const cut = webhookTo(`${url}/a-secret-path`).deliver([alarmMessage()], still);
    await expect(cut).rejects.toThrow(/^the receiver cannot be reached: (UND_ERR_SOCKET|ECONNRESET)$/);
    servers.at(-1)!.close();
    const nobody = webhookTo(`${url}/a-secret-path`).deliver([alarmMessage()], still);
    await expect(nobody).rejects.toThrow(/^the receiver cannot be reached: ECONNREFUSED$/);
  });

  it('ends at once when it is told to, and takes an answer without end', async () => {
    const ending = new AbortController();
    const url = await listen((req, res) => {
      if (req.url === '/endless') return void setInterval(() => res.write('x'.repeat(10_000)), 1).unref();
      ending.abort();
    });
    await expect(webhookTo(url).deliver([alarmMessage()], ending.signal)).rejects.toThrow('cannot be reached');
    await webhookTo(`${url}/endless`).deliver([alarmMessage()], still);
  });

  it('tells of incidents alone: what calls for people, who has it, and that it is over or hidden', () => {
    const webhook = webhookTo('http://127.0.0.1');
    const told = ALARM_EVENTS.filter((event) => webhook.wants(alarmMessage({ event, isAnnunciated: false })));
    const annunciated = ALARM_EVENTS.filter((event) => webhook.wants(alarmMessage({ event, isAnnunciated: true })));
    const hidden = ALARM_EVENTS.filter((event) =>
      webhook.wants(alarmMessage({ event, isAnnunciated: false, hidden: ['shelved'] })),
    );
    expect(told).toEqual(['clear', 'acknowledge', 'redefine', 'remove']);
    expect(annunciated.filter((event) => !told.includes(event))).toEqual([
      'raise',
      'unshelve',
      'unsuppress',
      'in-service',
    ]);
    expect(hidden).toEqual(['shelve', 'suppress', 'out-of-service', 'remove']);
    const gone = { state: 'normal', isAnnunciated: false } as const;
    expect(ALARM_EVENTS.filter((event) => webhook.wants(alarmMessage({ event, ...gone })))).toEqual([
      'clear',
      'remove',
    ]);
  });

  it('tells the priorities of its settings, and that an alarm is not of them any more', async () => {
    let group: AlertGroup | undefined;
    const url = await listen(async (req, res) => {
      group = JSON.parse(await textOf(req)) as AlertGroup;
      res.end();
    });
    const webhook = webhookTo(url, { priorities: ['critical', 'high'] });
    expect(ALARM_PRIORITIES.filter((priority) => webhook.wants(alarmMessage({ priority })))).toEqual([
      'critical',
      'high',
    ]);

    const lowered = alarmMessage({ event: 'redefine', priority: 'low', isAnnunciated: false });
    expect(webhook.wants(lowered)).toBe(true);
    await webhook.deliver([lowered], still);
    expect(group).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved', labels: { severity: 'low' } }] });
  });
});

const TEXTS = {
  texts: {
    en: { title: 'Too hot', cause: 'fire', consequence: 'ash', action: 'cool' },
    ko: { title: '과열', cause: '불', consequence: '재', action: '식히기' },
  },
};

function webhookTo(url: string, settings: Partial<WebhookSettings> = {}): Webhook {
  return new Webhook({
    settings: { name: 'ops', url, secret: '', priorities: ALARM_PRIORITIES, ...settings },
    site: 'Hall 3',
    externalUrl: 'https://plant.example/f/',
    nowMs: () => 86_400_999,
  });
}

async function listen(answer: (req: IncomingMessage, res: ServerResponse) => unknown): Promise<string> {
  const server = createServer((req, res) => void answer(req, res));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of req) text += String(part);
  return text;
}
