/** Does `work` until it has taken so long or `signal` is aborted; it is told by its own signal, and what it comes to then is left. */
export async function timeBox<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const box = new AbortController();
  const ended = new Promise<never>((_, reject) =>
    box.signal.addEventListener('abort', () => reject(box.signal.reason)),
  );
  const end = () => box.abort(signal.reason);
  const timer = setTimeout(() => box.abort(new Error(`no answer within ${ms / 1000} s`)), ms);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    const worked = work(box.signal);
    worked.catch(() => undefined); // what was left ends some time
    return await Promise.race([worked, ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
