import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { CertificateReply } from '../wire/session.ts';

const POLL_MS = 5000;
const DAY_MS = 86_400_000;
/** From so long before its end on, a certificate is a problem. */
const SOON_MS = 14 * DAY_MS;

export interface CertificateOptions {
  /** Files in PEM: the certificate with those that lead to its authority, and its key. */
  readonly certificate: string;
  readonly key: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Logger;
}

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** The first of the file. */
  readonly own: X509Certificate;
}

/** What the server proves itself with. Looks every five seconds whether the files are others; a pair that does not fit changes nothing. */
export class Certificate {
  readonly #options: CertificateOptions;
  #pair: Pair;
  #problem: string | undefined;
  #server: Server | undefined;
  #reading: Promise<void> | undefined;

  /** Rejects with `CONFIG_INVALID` where the files cannot be used. */
  static async open(options: CertificateOptions): Promise<Certificate> {
    try {
      return new Certificate(options, await readPair(options));
    } catch (error) {
      throw new AppError(
        'CONFIG_INVALID',
        `the settings are wrong:\n  server.tls_certificate, server.tls_key: ${reasonOf(error)}`,
        { cause: error },
      );
    }
  }

  private constructor(options: CertificateOptions, pair: Pair) {
    this.#options = options;
    this.#pair = pair;
  }

  /** What a server is made with, as of now. */
  get context(): SecureContextOptions {
    return contextOf(this.#pair);
  }

  status(): CertificateReply {
    const { own } = this.#pair;
    const untilMs = Date.parse(own.validTo);
    return {
      names: own.subjectAltName?.split(', ').map((name) => name.replace(/^(?:DNS|IP Address):/, '')) ?? [],
      untilMs,
      daysLeft: Math.floor((untilMs - this.#options.clock.nowMs()) / DAY_MS),
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
  }

  /** In words; empty while all is well. */
  problems(): readonly string[] {
    const { untilMs, daysLeft } = this.status();
    const leftMs = untilMs - this.#options.clock.nowMs();
    const problems: string[] = [];
    if (leftMs <= 0) problems.push('the TLS certificate has expired: browsers refuse this server');
    else if (leftMs < SOON_MS) problems.push(`the TLS certificate expires in ${daysLeft} days`);
    if (this.#problem !== undefined) problems.push(`the TLS certificate was not replaced: ${this.#problem}`);
    return problems;
  }

  /** Has `server` use what the files hold, as it changes; open connections stay. Returns how to end it. */
  follow(server: Server): () => void {
    this.#server = server;
    const timer = setInterval(() => void this.reload(), POLL_MS);
    return () => {
      clearInterval(timer);
      this.#server = undefined;
    };
  }

  /** Looks at the files now. */
  reload(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { log } = this.#options;
    try {
      const pair = await readPair(this.#options);
      if (this.#problem === undefined && isSame(pair, this.#pair)) return;
      this.#server?.setSecureContext(contextOf(pair));
      this.#pair = pair;
      this.#problem = undefined;
      log.info({ names: pair.own.subjectAltName, until: pair.own.validTo }, 'the TLS certificate is another one');
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== this.#problem) log.warn({ err: error }, 'the TLS certificate was not replaced');
      this.#problem = reason;
    }
  }
}

function contextOf({ cert, key }: Pair): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}

// The files are small, and their times say less than what is in them: a link may lead elsewhere.
async function readPair({ certificate, key }: CertificateOptions): Promise<Pair> {
  const [certBytes, keyBytes] = await Promise.all([readFile(certificate), readFile(key)]);
  const pair = { cert: certBytes, key: keyBytes, own: new X509Certificate(certBytes) };
  createSecureContext(contextOf(pair)); // throws where the key is none, or that of another certificate
  return pair;
}

function isSame(a: Pair, b: Pair): boolean {
  return a.cert.equals(b.cert) && a.key.equals(b.key);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
