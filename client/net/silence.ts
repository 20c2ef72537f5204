// A line that gives nothing for so long is taken for dead. One that is slow may take longer for all of an answer.
const SILENCE_MS = 10_000;

/** How a request is given up. */
export interface Patience {
  /** Of the one who asks: it aborts when nobody waits any more. */
  readonly signal?: AbortSignal | null | undefined;
  /** Ten seconds where it is left out. */
  readonly silenceMs?: number;
}

/** What a request goes over. */
export interface Line {
  /** To be given to `fetch`: aborts when nobody waits any more, or nothing came for too long. */
  readonly signal: AbortSignal;
  /** The body of an answer as it comes. */
  readonly pieces: (answer: Response) => AsyncIterable<Uint8Array>;
}

/** Makes a request by `ask`. Rejects with a `TimeoutError` once nothing came for too long, else as `ask` does. */
export async function unlessSilent<T>(
  { signal, silenceMs = SILENCE_MS }: Patience,
  ask: (line: Line) => Promise<T>,
): Promise<T> {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new DOMException(`nothing came for ${silenceMs / 1000} s`, 'TimeoutError'));
  let timer = setTimeout(giveUp, silenceMs);
  const hear = () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, silenceMs);
  };
  try {
    return await ask({
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      pieces: (answer) => piecesOf(answer, hear),
    });
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error; // a body that is aborted does not say why in every browser
  } finally {
    clearTimeout(timer);
  }
}

async function* piecesOf({ body }: Response, hear: () => void): AsyncGenerator<Uint8Array> {
  hear();
  const reader = body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    hear();
    yield piece.value;
  }
}
