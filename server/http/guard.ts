import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { AppError } from '../base/errors.ts';
import { type AccessRules, isAllowedHost, isAllowedOrigin } from '../base/origin.ts';
import { addressOf, operatorOf, requireOperator } from './who.ts';

const RATE_WINDOW_MS = 10_000;
const DAY_SECONDS = 86_400;
const READING = ['GET', 'HEAD'];

/** A request that is no reading. What is not listed as one is refused. */
export interface WriteRule {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Exactly the paths of its route. */
  readonly path: RegExp;
  /** Of who asks: that they may act (an operator), and that they sign it with their name as well (a person). */
  readonly needs: 'nothing' | 'operator' | 'person';
}

/**
 * Response headers for every answer. Scripts, styles and data come from this
 * server only; `wasm-unsafe-eval` lets the kernels compile and nothing else.
 *
 * A browser remembers for `hstsDays` to ask by https: on all ports of the host, so that it
 * cannot be told by default.
 */
export function securityHeaders(hstsDays: number): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", "'wasm-unsafe-eval'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'manifest-src': ["'self'"],
        'worker-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
        'require-trusted-types-for': null,
      },
    },
    strictTransportSecurity: hstsDays > 0 && { maxAge: hstsDays * DAY_SECONDS, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Refuses requests that name a foreign host: that is how a page elsewhere would read from here (DNS rebinding). */
export function hostCheck(rules: AccessRules): RequestHandler {
  return (req, _res, next) => {
    if (isAllowedHost(req.headers.host, req.socket, rules)) return next();
    throw new AppError('HOST_REFUSED', `this server does not answer for the host ${shown(req.headers.host)}`);
  };
}

/** Only reading is allowed, but for the methods of `writes` at their paths. */
export function allowedMethods(writes: readonly WriteRule[]): RequestHandler {
  return (req, res, next) => {
    const methods = [...READING, ...writes.filter(({ path }) => path.test(req.path)).map(({ method }) => method)];
    if (methods.includes(req.method)) return next();
    const allow = [...methods, 'OPTIONS'].join(', ');
    res.set('Allow', allow);
    if (req.method === 'OPTIONS') return void res.status(204).end();
    throw new AppError('METHOD_UNKNOWN', `method ${req.method}, expected one of ${allow}`);
  };
}

/** Refuses what pages of other sites ask: a browser says where a page is from, and programs say nothing. */
export function originCheck(rules: AccessRules): RequestHandler {
  return (req, _res, next) => {
    if (isAllowedOrigin(req.headers.origin, req.headers.host ?? '', rules)) return next();
    throw new AppError(
      'ORIGIN_REFUSED',
      `pages of ${shown(req.headers.origin)} may neither read nor change anything here`,
    );
  };
}

/** Refuses writing to who may not. To come after `allowedMethods`, which lets only listed requests here, and `identify`. */
export function writeCheck(writes: readonly WriteRule[]): RequestHandler {
  return (req, _res, next) => {
    if (READING.includes(req.method)) return next();
    const { needs } = ruleOf(req, writes);
    if (needs === 'operator') requireOperator(req);
    if (needs === 'person') operatorOf(req);
    next();
  };
}

/** Refuses bodies that do not say they are JSON: a form of another site cannot say so. */
export function jsonOnly(): RequestHandler {
  return (req, _res, next) => {
    if (req.is('application/json')) return next();
    throw new AppError(
      'REQUEST_INVALID',
      `a body of type ${shown(req.headers['content-type'])}, expected application/json`,
    );
  };
}

/** At most `limit` requests in 10 s from one address; past it they are refused until the 10 s are over. */
export function requestLimit(limit: number): RequestHandler {
  return rateLimit({
    windowMs: RATE_WINDOW_MS,
    limit,
    keyGenerator: (req) => ipKeyGenerator(addressOf(req)),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new AppError('RATE_LIMITED', `more than ${limit} requests in ${RATE_WINDOW_MS / 1000} s`);
    },
  });
}

function ruleOf({ method, path: asked }: Request, writes: readonly WriteRule[]): WriteRule {
  const rule = writes.find(({ method: of, path }) => of === method && path.test(asked));
  if (rule === undefined) throw new Error(`${method} ${asked} has no rule`);
  return rule;
}

function shown(header: string | undefined): string {
  return header === undefined ? '(none)' : JSON.stringify(header.slice(0, 100));
}
