// What is used of http_ece, which brings no types of its own.
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  /** Encrypts as RFC 8188 and RFC 8291 say, with a salt of its own. `dh` and `authSecret` are in base64url. */
  export function encrypt(
    text: Buffer,
    params: { version: 'aes128gcm'; privateKey: ECDH; dh: string; authSecret: string },
  ): Buffer;
}
