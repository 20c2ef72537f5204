import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { AppError } from '../base/errors.ts';
import { type AccessRules, isAllowedHost, isAllowedOrigin } from '../base/origin.ts';

const RATE_WINDOW_MS = 10_000;
const READING = ['GET', 'HEAD'];

/**
 * Response headers for every answer. Scripts, styles and data come from this
 * server only; `wasm-unsafe-eval` lets the kernels compile and nothing else.
 */
export function securityHeaders(): RequestHandler {
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
    strictTransportSecurity: false, // the server speaks plain HTTP; who puts TLS before it sets this there
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

/** Only reading is allowed, but for the methods of `writable` at their paths. */
export function allowedMethods(writable: readonly (readonly [method: string, path: RegExp])[]): RequestHandler {
  return (req, res, next) => {
    const methods = [...READING, ...writable.filter(([, path]) => path.test(req.path)).map(([method]) => method)];
    if (methods.includes(req.method)) return next();
    const allow = [...methods, 'OPTIONS'].join(', ');
    res.set('Allow', allow);
    if (req.method === 'OPTIONS') return void res.status(204).end();
    throw new AppError('METHOD_UNKNOWN', `method ${req.method}, expected one of ${allow}`);
  };
}

/** Refuses what pages of other sites send: a browser says where a page is from, and programs say nothing. */
export function originCheck(rules: AccessRules): RequestHandler {
  return (req, _res, next) => {
    if (isAllowedOrigin(req.headers.origin, req.headers.host ?? '', rules)) return next();
    throw new AppError('ORIGIN_REFUSED', `pages of ${shown(req.headers.origin)} may not change anything here`);
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
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new AppError('RATE_LIMITED', `more than ${limit} requests in ${RATE_WINDOW_MS / 1000} s`);
    },
  });
}

function shown(header: string | undefined): string {
  return header === undefined ? '(none)' : JSON.stringify(header.slice(0, 100));
}
