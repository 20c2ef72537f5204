import { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import '../../../client/inference/model-worker.ts';
import { BARE_CHANNEL, type BareAnswer, type BareRequest } from './messages.ts';

// The worker of the product, in which the runtime can be called without anything of ours, too.

const channel = new BroadcastChannel(BARE_CHANNEL);
let session: InferenceSession | undefined;

channel.onmessage = async ({ data }: MessageEvent<BareRequest>) => {
  if (data.kind === 'open') {
    session = await InferenceSession.create(data.bytes);
    channel.postMessage({ kind: 'opened' } satisfies BareAnswer);
    return;
  }
  const beganMs = performance.now();
  await session!.run({ [data.input]: new Tensor('float32', data.values, data.shape) });
  channel.postMessage({ kind: 'ran', ms: performance.now() - beganMs } satisfies BareAnswer);
};
