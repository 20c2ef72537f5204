import type { ErrorRequestHandler } from 'express';
import { AppError } from '../base/errors.ts';
import type { Problem } from '../wire/rest.ts';

/**
 * Last middleware. An expected failure becomes its own status; anything else
 * is a bug, which is logged whole and told to the client as nothing but a 500.
 */
export function problemHandler(logError: (error: unknown) => void): ErrorRequestHandler {
  return (error, _req, res, next) => {
    const expected = asExpected(error);
    if (!expected) logError(error);
    if (res.headersSent) return next(error); // too late to answer: express cuts the connection

    const { code, message, details, status } = expected ?? INTERNAL;
    res
      .status(status)
      .set('Cache-Control', 'no-store')
      .json({ code, message, details } satisfies Problem);
  };
}

const INTERNAL = { code: 'INTERNAL', message: 'internal error', details: undefined, status: 500 };

// Express and its file server have their own errors: a path that is no UTF-8, a file that is not there.
function asExpected(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error && 'status' in error && typeof error.status === 'number')) return undefined;
  if (error.status === 404) return new AppError('ROUTE_UNKNOWN', 'there is nothing here', { cause: error });
  if (error.status === 416) return new AppError('RANGE_INVALID', 'nothing of that range is there', { cause: error });
  if (error.status >= 400 && error.status < 500) {
    return new AppError('REQUEST_INVALID', whatIsWrong(error), { cause: error });
  }
  return undefined;
}

// What the reader of bodies found, by the type it gives its errors; its own words are not for people.
function whatIsWrong(error: Error): string {
  switch ('type' in error ? error.type : undefined) {
    case 'entity.parse.failed':
      return `the body is no JSON (${error.message}), expected an object`;
    case 'entity.too.large':
      return 'the body is too long, expected an object of a few members';
    default:
      return `the request cannot be read: ${error.message}`;
  }
}
