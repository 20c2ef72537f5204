import kernelsUrl from '../build/assembly/kernels.wasm?url';
import { Live } from './live.ts';
import { TEXTS } from './locale/texts.ts';
import { fetchChannels, fetchDiagnoses, fetchHistory } from './net/history.ts';
import { systemTimers } from './net/system-timers.ts';
import { Preferences } from './pages/preferences.ts';
import type { StartUp } from './start-up.ts';

/** The live data of a page that draws trends, once what computes them is there. Says what is missing while it is. */
export async function startLive(start: StartUp): Promise<Live> {
  return new Live({
    kernels: await loadKernels(start),
    open: start.open,
    timers: systemTimers,
    history: { load: fetchHistory, list: fetchChannels, diagnoses: fetchDiagnoses },
    renew: start.renew,
  });
}

async function loadKernels({ part, notice }: StartUp): Promise<WebAssembly.Module> {
  const text = TEXTS[new Preferences().value.language];
  const kernels = part(() => WebAssembly.compileStreaming(fetch(kernelsUrl)));
  for (;;) {
    try {
      return await kernels.load();
    } catch {
      notice?.setAttribute('role', 'alert');
      notice?.replaceChildren(text.kernelsNotLoaded);
    }
  }
}
