import type { CookieOptions, Request, Response } from 'express';
import type { Gate } from './secret-gate.ts';
import { SESSION_MS } from './sessions.ts';

/** The token that a browser keeps for us. */
export function readToken(req: Request): string | undefined {
  const start = `${nameOf(req)}=`;
  const pairs = req.headers.cookie?.split(';') ?? [];
  return pairs
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(start))
    ?.slice(start.length);
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

// Browsers keep the cookies of all ports of a host together: each server has a name of its own.
function nameOf(req: Request): string {
  return `${req.secure ? '__Host-' : ''}fenestra-session-${req.socket.localPort}`;
}

function optionsOf({ secure }: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure };
}
