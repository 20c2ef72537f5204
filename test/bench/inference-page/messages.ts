/** Reaches the worker beside the messages of the product. */
export const BARE_CHANNEL = 'bare';

export type BareRequest =
  | { readonly kind: 'open'; readonly bytes: Uint8Array }
  | { readonly kind: 'run'; readonly input: string; readonly values: Float32Array; readonly shape: readonly number[] };

export type BareAnswer = { readonly kind: 'opened' } | { readonly kind: 'ran'; readonly ms: number };
