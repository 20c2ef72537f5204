import { isIPv4 } from 'node:net';

/** Which names this server answers to, and whose pages may open its live socket. */
export interface AccessRules {
  /** The host the settings bind. */
  readonly host: string;
  /** Further host names, with or without a port. */
  readonly allowedHosts: readonly string[];
  /** Further origins, such as `https://wall.example`. */
  readonly allowedOrigins: readonly string[];
  /** Whether the server speaks TLS itself. */
  readonly isSecure: boolean;
}

/** The rules of the settings of `[server]`. */
export function accessRules(server: {
  readonly host: string;
  readonly allowed_hosts: readonly string[];
  readonly allowed_origins: readonly string[];
  readonly tls_certificate: string;
}): AccessRules {
  return {
    host: server.host,
    allowedHosts: server.allowed_hosts,
    allowedOrigins: server.allowed_origins,
    isSecure: server.tls_certificate !== '',
  };
}

/** The own end of a connection, as a socket of Node gives it. */
export interface LocalEnd {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/;
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a request may name `host` in its Host header: the bound host or the
 * address it connected to, `localhost` on a loopback connection (these with
 * the port it connected to), or one of the allowed hosts.
 *
 * A foreign name that resolves to this machine is how a page elsewhere would
 * read from it (DNS rebinding), so no other name passes.
 */
export function isAllowedHost(host: string | undefined, local: LocalEnd, rules: AccessRules): boolean {
  const [, name, port] = HOST.exec(host?.toLowerCase() ?? '') ?? [];
  if (name === undefined) return false;

  const listed = rules.allowedHosts.map((allowed) => allowed.toLowerCase());
  if (listed.includes(name) || (port !== undefined && listed.includes(`${name}:${port}`))) return true;

  return Number(port ?? (rules.isSecure ? 443 : 80)) === local.localPort && ownNames(local, rules).includes(name);
}

/**
 * Whether a page of `origin` may open the socket at `host`, which has passed
 * `isAllowedHost`: pages of the same host and port, and of allowed origins.
 *
 * No Origin at all is a program, not a page, and passes. `null`, which
 * sandboxed pages send, does not.
 */
export function isAllowedOrigin(origin: string | undefined, host: string, rules: AccessRules): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;

  const page = new URL(origin);
  if (page.origin !== origin) return false; // a path, a user or capitals: no browser writes it so
  if (page.protocol !== 'http:' && page.protocol !== 'https:') return false;
  if (rules.allowedOrigins.some((allowed) => new URL(allowed).origin === origin)) return true;
  if (rules.isSecure && page.protocol !== 'https:') return false; // whoever is on the line may have made that page

  const own = `${page.protocol}//${host}`; // parsed, so that a default port compares equal to none
  return URL.canParse(own) && new URL(own).host === page.host;
}

function ownNames({ localAddress }: LocalEnd, rules: AccessRules): string[] {
  const address = localAddress?.replace(/^::ffff:/, '') ?? '';
  const names = [bracketed(rules.host.toLowerCase()), bracketed(address)];
  return isLoopback(address) ? [...names, ...LOOPBACK_NAMES] : names;
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** Whether only this machine reaches what listens on `host`: an address, or the name of the loopback one. */
export function isLoopback(host: string): boolean {
  const address = host.toLowerCase().replace(/^::ffff:/, '');
  return address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}
