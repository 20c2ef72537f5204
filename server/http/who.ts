import { isIP } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../base/errors.ts';
import { PERSON_HEADER, PERSON_WORDS, toPersonName } from '../wire/session.ts';
import type { Gate } from './secret-gate.ts';
import { readToken, renewToken } from './session-cookie.ts';
import { shown } from './shown.ts';

// The one place that says who is asking. Whatever comes to know people better fills it.

export interface Person {
  /** As it was given in this browser; nobody has proved it. */
  readonly name: string | undefined;
  /** Where the request comes from: an IP address, as `addressOf` finds it. */
  readonly address: string;
  /** Whether the person may act here. */
  readonly isOperator: boolean;
}

/** Who acts: may, and is known by a name. */
export interface Operator extends Person {
  readonly name: string;
}

/** Finds out who is asking, for `personOf` and `operatorOf`. */
export function identify(gate: Gate): RequestHandler {
  return (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') renewToken(gate, req, res); // answers to writing are never kept
    res.locals.person = {
      name: nameOf(req),
      address: addressOf(req),
      isOperator: gate.lets(readToken(req)),
    } satisfies Person;
    next();
  };
}

/** The IP address that a request comes from; where that is a trusted proxy's, the nearest address before it that is none. */
export function addressOf(req: Request): string {
  const { ip = '', socket } = req; // by Express's `trust proxy`; a proxy may have told what is no address
  return (isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip).replace(/^::ffff:/, '');
}

/** Who is asking. */
export function personOf({ res }: Request): Person {
  return res?.locals.person as Person; // `identify` comes before every route
}

/** Throws `SECRET_REQUIRED` where who asks may not act. */
export function requireOperator(req: Request): void {
  if (personOf(req).isOperator) return;
  throw new AppError(
    'SECRET_REQUIRED',
    'nobody is signed in at this browser, expected the operator secret, by POST /api/session',
  );
}

/** Who acts. Throws `SECRET_REQUIRED`, and `PERSON_REQUIRED` where there is no name to sign with. */
export function operatorOf(req: Request): Operator {
  requireOperator(req);
  const { name, ...person } = personOf(req);
  if (name !== undefined) return { ...person, name };
  throw new AppError(
    'PERSON_REQUIRED',
    `the header ${PERSON_HEADER} is ${shown(req.get(PERSON_HEADER))}, expected a name, percent-encoded: ${PERSON_WORDS}`,
  );
}

function nameOf(req: Request): string | undefined {
  try {
    return toPersonName(decodeURIComponent(req.get(PERSON_HEADER) ?? ''));
  } catch {
    return undefined; // no percent-encoded UTF-8: no name
  }
}
