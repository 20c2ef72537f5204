import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { AppError } from '../base/errors.ts';
import { type AccessRules, isAllowedHost } from '../base/origin.ts';

const RATE_WINDOW_MS = 10_000;
const METHODS = ['GET', 'HEAD'];
const ALLOW = 'GET, HEAD, OPTIONS';

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

/** Nothing here changes anything, so only reading is allowed. */
export function readOnly(): RequestHandler {
  return (req, res, next) => {
    if (METHODS.includes(req.method)) return next();
    res.set('Allow', ALLOW);
    if (req.method === 'OPTIONS') return void res.status(204).end();
    throw new AppError('METHOD_UNKNOWN', `method ${req.method}, expected one of ${ALLOW}`);
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

function shown(host: string | undefined): string {
  return host === undefined ? '(none)' : JSON.stringify(host.slice(0, 100));
}
