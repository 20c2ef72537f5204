/** What a channel may be called, everywhere. */
export const CHANNEL_NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** What identifiers of recordings look like. They are made by the server, and nothing else ever becomes a part of a path. */
export const CAPTURE_ID = /^[a-z0-9-]{1,64}$/;

/** What models and their folders are called. */
export const MODEL_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
