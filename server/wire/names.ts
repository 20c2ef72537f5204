/** What a channel may be called, everywhere. */
export const CHANNEL_NAME = /^[A-Za-z0-9._-]{1,64}$/;
