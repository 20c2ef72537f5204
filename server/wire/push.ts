// Notifications of phones by Web Push: REST of who gets them, and what one says.

/** Browsers that are told, at most. */
export const SUBSCRIBER_LIMIT = 200;
export const PUSH_LANGUAGES = ['en', 'ko'] as const;

/** The body of `POST /api/push/subscribers`: what a browser's `PushSubscription` says of itself, in base64url. */
export interface PushOrder {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  readonly language: (typeof PUSH_LANGUAGES)[number];
}

/** A browser that is told. Its address is for nobody. */
export interface SubscriberReply {
  /** The first 32 hexadecimal digits of the SHA-256 of its endpoint. */
  readonly id: string;
  /** Such as `Chrome, Android`. */
  readonly browser: string;
  readonly language: PushOrder['language'];
  /** Who asked for it, and when, ms since 1970 UTC. */
  readonly by: string;
  readonly atMs: number;
}

/** `GET /api/push`. */
export interface PushReply {
  /** To subscribe with, base64url; left out where the settings have no key. */
  readonly publicKey?: string;
  /** The newest first. */
  readonly subscribers: readonly SubscriberReply[];
  readonly limit: number;
}

/** What the service worker of the page is told. */
export interface PushNotice {
  /** Of the alarm; empty for many that came at once. */
  readonly tag: string;
  readonly occurrence: number;
  readonly version: number;
  /** Whether it calls for people; else somebody has taken it, or it is over or hidden. */
  readonly isCalling: boolean;
  /** In the reader's language. */
  readonly title: string;
  readonly body: string;
  /** A path of this server. */
  readonly link: string;
}
