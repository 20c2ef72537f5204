import { createTransport, type Transporter } from 'nodemailer';
import type { AlarmPriority } from '../wire/alarms.ts';
import { type Destination, Refused } from './destination.ts';
import { type MailTextOptions, mailText, subjectOf } from './mail-text.ts';
import { type AlarmMessage, togetherId } from './message.ts';
import { timeBox } from './time-box.ts';
import { isNews } from './told-events.ts';

export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the beginning, after STARTTLS, or none. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly username: string;
  readonly password: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly priorities: readonly AlarmPriority[];
}

export interface MailOptions {
  readonly settings: MailSettings;
  /** Of the output, unlike that of other recipients. */
  readonly name: string;
  /** Who gets these, one of `settings.to`. */
  readonly recipient: string;
  readonly text: MailTextOptions;
}

const TIMEOUT_MS = 30_000;
const STEP_MS = 10_000;
const TOGETHER = 50;
/** The first message waits so long for others. */
const GATHER_MS = 5000;
/** What the server says of a message, and not of who sends it. */
const REFUSALS = [552, 554];

/**
 * Mails one of the recipients what calls for people, and that it is over: what
 * comes within seconds in one mail. Whose mail is refused holds up no other's.
 */
export class MailOutput implements Destination {
  readonly kind = 'mail';
  readonly name: string;
  readonly together = TOGETHER;
  readonly isOnceEach = false;
  readonly gatherMs = GATHER_MS;
  readonly #options: MailOptions;
  readonly #transport: Transporter;

  constructor(options: MailOptions) {
    this.#options = options;
    this.name = options.name;
    const { host, port, security, username, password } = options.settings;
    this.#transport = createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(username !== '' && { auth: { user: username, pass: password } }),
      ...{ connectionTimeout: STEP_MS, greetingTimeout: STEP_MS, socketTimeout: STEP_MS },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
  }

  wants(message: AlarmMessage): boolean {
    return isNews(message) && this.#options.settings.priorities.includes(message.priority);
  }

  async deliver(messages: readonly AlarmMessage[], signal: AbortSignal): Promise<void> {
    const { settings, recipient, text } = this.#options;
    const domain = settings.from.slice(settings.from.lastIndexOf('@') + 1);
    const mail = {
      from: settings.from,
      to: [...settings.to],
      envelope: { from: settings.from, to: recipient },
      subject: subjectOf(messages, text),
      text: mailText(messages, text),
      messageId: `<${togetherId(messages)}@${domain}>`,
      date: new Date(messages.at(-1)!.atMs),
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
    await timeBox(TIMEOUT_MS, signal, () => this.#transport.sendMail(mail)).catch(throwPlain);
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}

// What a server answers can quote what it was sent.
function throwPlain(error: unknown): never {
  const { responseCode, code, command, message } = error as Error & {
    responseCode?: number;
    code?: string;
    command?: string;
  };
  const answer = responseCode === undefined ? (code ?? message) : `the mail server answered ${responseCode}`;
  const problem = command === undefined ? answer : `${answer} at ${command.split(' ')[0]}`;
  throw responseCode !== undefined && REFUSALS.includes(responseCode) ? new Refused(problem) : new Error(problem);
}
