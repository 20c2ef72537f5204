import { PERSON_HEADER } from '../../server/wire/session.ts';
import type { Fetch } from './request.ts';

/** Who signs requests, and can be asked for what the server wants. */
export interface Signer {
  /** Undefined while nobody has given one. */
  readonly name: string | undefined;
  /** Resolves to whether it was given. */
  ask(want: 'name' | 'secret'): Promise<boolean>;
}

/** `fetch` by which a person acts: what changes something carries their name unless it was signed before, and is asked again once they gave what it took. */
export function signedFetch(fetch: Fetch, signer: Signer): Fetch {
  const send: Fetch = (path, options) => fetch(path, isReading(options) ? options : signed(options, signer.name));
  return Object.assign(send, {
    comply: async (code: string) => {
      if (code === 'PERSON_REQUIRED') return signer.ask('name');
      return code === 'SECRET_REQUIRED' && signer.ask('secret');
    },
  });
}

function isReading({ method = 'GET' }: RequestInit = {}): boolean {
  return method === 'GET' || method === 'HEAD';
}

function signed(options: RequestInit | undefined, name: string | undefined): RequestInit | undefined {
  if (name === undefined) return options;
  const headers = new Headers(options?.headers);
  if (!headers.has(PERSON_HEADER)) headers.set(PERSON_HEADER, encodeURIComponent(name));
  return { ...options, headers };
}

/** Headers of what was signed by a name before, in letters that they may hold; none where it was not. */
export function signatureHeaders(name: string | undefined): Record<string, string> {
  return name === undefined ? {} : { [PERSON_HEADER]: encodeURIComponent(name) };
}
