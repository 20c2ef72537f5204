import { constants } from 'node:zlib';
import compression from 'compression';
import type { RequestHandler } from 'express';

// A shorter answer is a few packets either way.
const ENCODED_BYTES = 4096;

// The fastest there is: rows of the history come out at a quarter, and slower levels take a tenth off that for several
// times the work. Small windows, since each answer under way holds one, and numbers repeat near by.
const GZIP = { level: 1, windowBits: 14, memLevel: 7 } as const;
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 16 } } as const;

/** Compresses long JSON for who accepts it, in the threads of zlib. Every other kind of answer goes as it is. */
export function encodedJson(): RequestHandler {
  return compression({
    ...GZIP,
    brotli: BROTLI,
    threshold: ENCODED_BYTES,
    filter: (_req, res) => /^application\/json\b/.test(String(res.getHeader('Content-Type'))),
  });
}
