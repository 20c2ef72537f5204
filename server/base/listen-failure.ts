import { AppError } from './errors.ts';

/** `LISTEN_FAILED` as a sentence for the person who starts the server; it names the setting of that `section` to change. */
export function listenFailure(
  cause: NodeJS.ErrnoException,
  { host, port, section }: { readonly host: string; readonly port: number; readonly section: string },
): AppError {
  const [key, reason] = REASONS[cause.code ?? ''] ?? ['host', cause.message];
  return new AppError('LISTEN_FAILED', `cannot listen on ${host}:${port} (${section}.${key}): ${reason}`, { cause });
}

const REASONS: Readonly<Record<string, readonly [key: 'host' | 'port', reason: string]>> = {
  EACCES: ['port', 'this user may not use that port'],
  EADDRINUSE: ['port', 'another program uses that port'],
  EADDRNOTAVAIL: ['host', 'this machine does not have that address'],
  EAFNOSUPPORT: ['host', 'this machine does not speak that kind of address'],
  EAI_AGAIN: ['host', 'nobody answers for that name now'],
  ENOTFOUND: ['host', 'there is no such host'],
};
