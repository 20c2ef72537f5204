import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { isLoopback } from '../base/origin.ts';
import type { AccessReply } from '../wire/session.ts';
import { Guesses } from './guesses.ts';
import { Sessions } from './sessions.ts';

export interface GateOptions {
  /** The operator secret; empty where anybody who reaches the server may act. */
  readonly secret: string;
  /** Where sessions are kept. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the routes ask of the gate. */
export type Gate = Pick<SecretGate, 'needsSecret' | 'lets' | 'renew' | 'enter' | 'leave'>;

/** Lets in who gave the operator secret. */
export class SecretGate {
  readonly #options: GateOptions;
  readonly #sessions: Sessions | undefined;
  readonly #guesses: Guesses;
  #wrongSecrets = 0;
  #guessesRefused = 0;

  static async open(options: GateOptions): Promise<SecretGate> {
    return new SecretGate(options, options.secret === '' ? undefined : await Sessions.open(options));
  }

  private constructor(options: GateOptions, sessions: Sessions | undefined) {
    this.#options = options;
    this.#sessions = sessions;
    this.#guesses = new Guesses(options.clock);
  }

  get needsSecret(): boolean {
    return this.#sessions !== undefined;
  }

  status(): AccessReply {
    const { sessions, crowdedOut } = this.#sessions?.status() ?? { sessions: 0, crowdedOut: 0 };
    return { sessions, crowdedOut, wrongSecrets: this.#wrongSecrets, guessesRefused: this.#guessesRefused };
  }

  /** Whether the browser with this token may act. */
  lets(token: string | undefined): boolean {
    return this.#sessions === undefined || (token !== undefined && this.#sessions.has(token));
  }

  /** Whether the browser is to keep its token for longer. */
  renew(token: string): boolean {
    return this.#sessions?.renew(token) ?? false;
  }

  /** Begins a session; undefined where none is needed. Rejects with `SECRET_WRONG`, and `RATE_LIMITED` where too many wrong ones came before. */
  async enter(secret: string, address: string): Promise<string | undefined> {
    if (this.#sessions === undefined) return undefined;
    const waitMs = this.#guesses.waitMs(address);
    if (waitMs > 0) {
      this.#guessesRefused++;
      throw new AppError(
        'RATE_LIMITED',
        `too many wrong secrets, the next is looked at in ${Math.ceil(waitMs / 1000)} s`,
      );
    }
    if (!isSame(secret, this.#options.secret)) {
      this.#wrongSecrets++;
      this.#guesses.countWrong(address);
      this.#options.log.warn({ address }, 'a wrong operator secret was given');
      throw new AppError('SECRET_WRONG', 'that is not the operator secret, expected server.operator_secret');
    }
    this.#guesses.countRight(address);
    return this.#sessions.begin();
  }

  async leave(token: string): Promise<void> {
    await this.#sessions?.end(token);
  }

  /** Resolves when the sessions are kept. */
  async close(): Promise<void> {
    await this.#sessions?.close();
  }
}

/** Where people come from, by the settings of `[server]`. */
interface Reach {
  readonly host: string;
  readonly operator_secret: string;
  readonly allowed_hosts: readonly string[];
  readonly allowed_origins: readonly string[];
  readonly trusted_proxies: readonly string[];
}

/** Throws `CONFIG_INVALID` where others than this machine could act without a secret. */
export function requireSecret(server: Reach): void {
  const reach = server.operator_secret === '' ? reachOf(server) : undefined;
  if (reach === undefined) return;
  throw new AppError(
    'CONFIG_INVALID',
    `the settings are wrong:\n  server.operator_secret: is empty, expected a secret where ${reach}: ` +
      `who gives it may act. This makes one:\n    ${MAKE_SECRET}`,
    { details: [{ field: 'server.operator_secret', message: 'is empty' }] },
  );
}

/** What lets others than this machine come here, in words: the address itself, or a proxy in front of it. */
function reachOf({ host, allowed_hosts, allowed_origins, trusted_proxies }: Reach): string | undefined {
  if (!isLoopback(host)) return `server.host, "${host}", is beyond this machine`;
  const name = allowed_hosts.find((allowed) => !isLoopback(withoutPort(allowed)));
  if (name !== undefined) return `server.allowed_hosts has "${name}", which is not this machine alone`;
  const origin = allowed_origins.find((allowed) => !isLoopback(withoutPort(new URL(allowed).host)));
  if (origin !== undefined) return `server.allowed_origins has "${origin}", which is not this machine alone`;
  return trusted_proxies.length > 0 ? 'server.trusted_proxies names a proxy, behind which others are' : undefined;
}

function withoutPort(host: string): string {
  return host.replace(/^([^:]*|\[.*\]):\d+$/, '$1').replace(/^\[(.*)\]$/, '$1');
}

/** What is unsafe about where the server listens, in words; undefined where nothing is. */
export function plainHttpWarning({ host, tls_certificate }: { host: string; tls_certificate: string }) {
  if (tls_certificate !== '' || isLoopback(host)) return undefined;
  return (
    `server.host, "${host}", is beyond this machine, and this server speaks plain HTTP: whoever is on the way reads the ` +
    'operator secret and the cookies of sessions. Set server.tls_certificate and server.tls_key, or put a proxy with TLS before it'
  );
}

const MAKE_SECRET = `node -p "require('crypto').randomBytes(18).toString('base64url')"`;

// Hashes have one length, so that the time says nothing of the secret.
function isSame(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(x!, y!);
}
