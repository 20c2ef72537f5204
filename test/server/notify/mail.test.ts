import { once } from 'node:events';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { Refused } from '../../../server/notify/destination.ts';
import { MailOutput, type MailSettings } from '../../../server/notify/mail.ts';
import type { AlarmMessage, Language } from '../../../server/notify/message.ts';
import { ALARM_EVENTS } from '../../../server/wire/alarm-journal.ts';
import { ALARM_PRIORITIES } from '../../../server/wire/alarms.ts';
import { alarmMessage } from '../../support/outputs.ts';

interface Mail {
  readonly from: string;
  readonly to: string[];
  readonly headers: Record<string, string>;
  readonly text: string;
}

const still = new AbortController().signal;
const undo: (() => unknown)[] = [];
const TEXTS = {
  en: { title: 'Too hot', cause: 'fire', consequence: 'ash', action: 'cool' },
  ko: { title: '과열', cause: '불', consequence: '재', action: '식히기' },
};

afterEach(() => {
  for (const step of undo.splice(0)) step();
});

describe('mails about alarms', () => {
  it('bundle what comes together, the most urgent in the subject, each whole in the text', async () => {
    const { mails, port } = await listen();
    const output = outputTo(port);
    const low = { ...alarmMessage({ tag: 'cold:etch-2', priority: 'low', version: 4 }), timeToRespondSeconds: 90 };
    const high = {
      ...alarmMessage({ tag: 'hot:etch-1', finding: { value: 3, limit: 2 } }),
      label: 'Etch 1',
      finding: { value: 3, limit: 2 },
      texts: TEXTS,
    };
    const over = alarmMessage({ tag: 'wet:etch-3', event: 'clear', state: 'normal', priority: 'critical' });
    await output.deliver([low, high, over], still);
    await output.deliver([low, high, over], still);
    await output.deliver([over], still);

    const [first, again, last] = mails as [Mail, Mail, Mail];
    expect(first).toMatchObject({ from: 'plant@example.com', to: ['kim@example.com'] });
    expect(first.headers.subject).toBe('[Hall 3] HIGH: Too hot, Etch 1 and 2 more');
    for (const words of [
      'HIGH: Too hot, Etch 1',
      'value: 3',
      'limit: 2',
      'What to do: cool',
      'LOW: cold:etch-2',
      'Within: 2 min',
      'over: wet:etch-3',
    ])
      expect(first.text).toContain(words);
    expect(first.text).toContain('https://plant.example/channels/etch-1');
    expect(first.text).toContain('hot:etch-1/1/1');
    expect(again.headers['message-id']).toBe(first.headers['message-id']);
    expect(last.headers['message-id']).not.toBe(first.headers['message-id']);
    expect(first.headers['message-id']).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
    expect(last.headers.subject).toBe('[Hall 3] over: wet:etch-3');
  });

  it('are in the languages of the settings, by the plant’s clocks', async () => {
    const { mails, port } = await listen();
    await outputTo(port, {}, ['ko', 'en']).deliver(
      [{ ...alarmMessage({ tag: 'hot:etch-1', atMs: 0 }), texts: TEXTS, raisedMs: 0 }],
      still,
    );

    expect(mails[0]!.headers.subject).toBe('[Hall 3] 높음: 과열, etch-1');
    expect(mails[0]!.text).toContain('조치: 식히기');
    expect(mails[0]!.text.indexOf('과열')).toBeLessThan(mails[0]!.text.indexOf('Too hot'));
    expect(mails[0]!.text).toContain('1970. 1. 1.');
    expect(mails[0]!.text).toContain('9시 0분'); // in Seoul
  });

  it('have no header that a text brings', async () => {
    const { mails, port } = await listen();
    const title = 'Hot\r\nBcc: eve@example.com\u2028X: y\n\nbody';
    await outputTo(port).deliver(
      [{ ...alarmMessage({ tag: 'hot:etch-1' }), texts: { en: { ...TEXTS.en, title } } }],
      still,
    );

    expect(Object.keys(mails[0]!.headers)).not.toContain('bcc');
    expect(mails[0]!.to).toEqual(['kim@example.com']);
    expect(mails[0]!.headers.subject).toBe('[Hall 3] HIGH: Hot Bcc: eve@example.com X: y body, etch-1');
  });

  it('tell refusal from failure, and quote no server', async () => {
    const answer = (responseCode: number): SMTPServerOptions => ({
      onData: (stream, _, done) => {
        stream.resume();
        stream.on('end', () => done(Object.assign(new Error('we know your password'), { responseCode })));
      },
    });
    const failure = async (responseCode: number) => {
      const { port } = await listen(answer(responseCode));
      return outputTo(port)
        .deliver([alarmMessage()], still)
        .then(
          () => undefined,
          (error: Error) => error,
        );
    };
    expect(await failure(554)).toBeInstanceOf(Refused);
    expect(await failure(451)).not.toBeInstanceOf(Refused);
    expect((await failure(451))!.message).toBe('the mail server answered 451 at DATA');
  });

  it('reach one recipient where another is refused', async () => {
    const { port, mails } = await listen({
      onRcptTo: ({ address }, _, done) => done(address.startsWith('lee') ? new Error('no') : null),
    });
    await outputTo(port).deliver([alarmMessage()], still);
    expect(mails).toMatchObject([{ to: ['kim@example.com'], headers: { to: 'kim@example.com, lee@example.com' } }]);

    const toLee = outputTo(port, {}, ['en'], 'lee@example.com');
    await expect(toLee.deliver([alarmMessage()], still)).rejects.toThrow('answered 550 at RCPT');
  });

  it('speak TLS and trust no certificate that nobody vouches for, and nothing without TLS where it is asked for', async () => {
    const { mails, port } = await listen();
    await expect(outputTo(port, { security: 'starttls' }).deliver([alarmMessage()], still)).rejects.toThrow();
    await expect(outputTo(port, { security: 'tls' }).deliver([alarmMessage()], still)).rejects.toThrow();
    expect(mails).toEqual([]);
  });

  it('are of what calls for people, and that it is over', () => {
    const output = outputTo(1, { priorities: ['high'] });
    const wanted = (given: Partial<AlarmMessage>) =>
      ALARM_EVENTS.filter((event) => output.wants({ ...alarmMessage({ event }), ...given }));
    expect(wanted({ isAnnunciated: false })).toEqual(['clear']);
    expect(wanted({ isAnnunciated: false, hidden: ['shelved'] })).toEqual([]);
    expect(wanted({ isAnnunciated: true, priority: 'low' })).toEqual([]);
    expect(wanted({ isAnnunciated: true })).toContain('raise');
  });
});

function outputTo(
  port: number,
  settings: Partial<MailSettings> = {},
  languages: Language[] = ['en'],
  recipient = 'kim@example.com',
): MailOutput {
  const output = new MailOutput({
    ...{ name: 'kim', recipient },
    settings: {
      ...{ host: '127.0.0.1', port, security: 'none', username: '', password: '', priorities: ALARM_PRIORITIES },
      ...{ from: 'plant@example.com', to: ['kim@example.com', 'lee@example.com'] },
      ...settings,
    },
    text: { site: 'Hall 3', timeZone: 'Asia/Seoul', languages, externalUrl: 'https://plant.example' },
  });
  undo.push(() => output.close());
  return output;
}

/** A mail server that takes everything, and its mails. */
async function listen(options: SMTPServerOptions = {}): Promise<{ readonly port: number; readonly mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        mails.push({
          from,
          to: envelope.rcptTo.map(({ address }) => address),
          ...parse(Buffer.concat(parts).toString()),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined); // of clients that hang up
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  undo.push(() => server.close());
  return { port: (listening.address() as { port: number }).port, mails };
}

/** Headers by their names in lower case, and the text, decoded. */
function parse(raw: string): Pick<Mail, 'headers' | 'text'> {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      decodeWords(line.slice(line.indexOf(':') + 2)),
    ]),
  );
  const body = raw.slice(end + 4);
  const encoding = headers['content-transfer-encoding'];
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : encoding === 'quoted-printable'
        ? quoted(body.replace(/=\r\n/g, ''))
        : Buffer.from(body);
  return { headers, text: bytes.toString() };
}

function decodeWords(text: string): string {
  return text
    .replace(/\?= =\?/g, '?==?')
    .replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (words) =>
      Buffer.concat(
        [...words.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)].map(([, kind, data]) =>
          kind!.toLowerCase() === 'b' ? Buffer.from(data!, 'base64') : quoted(data!.replace(/_/g, ' ')),
        ),
      ).toString(),
    );
}

function quoted(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
