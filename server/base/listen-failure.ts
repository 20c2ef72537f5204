import { AppError } from './errors.ts';

/** `LISTEN_FAILED` as a sentence for the person who starts the server; `setting` is where the port can be changed. */
export function listenFailure(
  cause: NodeJS.ErrnoException,
  { host, port, setting }: { readonly host: string; readonly port: number; readonly setting: string },
): AppError {
  const reason = REASONS[cause.code ?? ''] ?? cause.message;
  return new AppError('LISTEN_FAILED', `cannot listen on ${host}:${port} (${setting}): ${reason}`, { cause });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use that port',
  EADDRINUSE: 'another program uses that port',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'there is no such host',
};
