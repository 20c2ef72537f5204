import type { CookieOptions, Request, Response } from 'express';
import type { Gate } from './secret-gate.ts';
import { SESSION_MS } from './sessions.ts';

/** The token that a browser keeps for us. */
export function readToken(req: Request): string | undefined {
  return cookieOf(req, nameOf(req));
}

/** Has the browser keep a token, out of reach of scripts and of other sites. */
export function keepToken(req: Request, res: Response, token: string): void {
  res.cookie(nameOf(req), token, { ...optionsOf(req), maxAge: SESSION_MS });
}

/** Has the browser keep the token of a session that is used for longer. */
export function renewToken(gate: Gate, req: Request, res: Response): void {
  const token = readToken(req);
  if (token !== undefined && gate.renew(token)) keepToken(req, res, token);
}

export function dropToken(req: Request, res: Response): void {
  res.clearCookie(nameOf(req), optionsOf(req));
}

function nameOf(req: Request): string {
  return isSecure(req) ? secureName(req) : plainName(req);
}

// Browsers keep the cookies of all ports of a host together: each server has a name of its own.
function plainName(req: Request): string {
  return `fenestra-session-${req.socket.localPort}`;
}

function secureName(req: Request): string {
  return `__Host-${plainName(req)}`;
}

/**
 * Whether the browser speaks https, if only to a proxy before us: its page says
 * so, or it has a cookie that it takes over https alone. Who lies about it
 * keeps a cookie from themselves.
 */
function isSecure(req: Request): boolean {
  return (
    req.secure || req.headers.origin?.startsWith('https://') === true || cookieOf(req, secureName(req)) !== undefined
  );
}

function cookieOf(req: Request, name: string): string | undefined {
  const pairs = req.headers.cookie?.split(';') ?? [];
  return pairs
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

function optionsOf(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: isSecure(req) };
}
