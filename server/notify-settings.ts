import { z } from 'zod';
import { SERVICE } from './notify/push-services.ts';
import { isVapidKey } from './notify/vapid.ts';
import { ALARM_PRIORITIES } from './wire/alarms.ts';

const port = z.int().min(0).max(65_535);

const Priorities = z
  .array(z.enum(ALARM_PRIORITIES))
  .min(1)
  .default([...ALARM_PRIORITIES]);
const OutputName = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -');
const webUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .refine(isWithoutName, 'must have no name and password');

const WebhookSettings = z.strictObject({
  name: OutputName,
  url: webUrl,
  /** Signs what is sent. */
  secret: z.string().max(256).default(''),
  priorities: Priorities,
});

const MqttSettings = z.strictObject({
  /** Such as `mqtts://broker.example`; empty for none. */
  url: z
    .union([z.literal(''), z.url({ protocol: /^mqtts?$/, error: 'must be an mqtt or mqtts address' })])
    .refine(isWithoutName, 'must have no name and password')
    .default(''),
  username: z.string().max(256).default(''),
  password: z.string().max(256).default(''),
  /** First levels of every topic. */
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, 'must be levels of A-Z a-z 0-9 . _ - with / between them')
    .max(128)
    .default('fenestra'),
  priorities: Priorities,
});

const MailAddress = z.email().max(254);

const MailSettings = z
  .strictObject({
    /** Of the mail server; empty for none. */
    host: z.string().max(253).default(''),
    port: port.default(587),
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    username: z.string().max(256).default(''),
    password: z.string().max(256).default(''),
    from: z.union([z.literal(''), MailAddress]).default(''),
    to: z.array(MailAddress).max(50).default([]),
    priorities: Priorities,
  })
  .refine((mail) => mail.host === '' || (mail.from !== '' && mail.to.length > 0), 'must have from and to with host')
  .refine((mail) => mail.username === '' || mail.security !== 'none', {
    path: ['security'],
    message: 'must be tls or starttls with a username, whose password would be sent as it is',
  });

/** Those of Chrome and what is made of it, Firefox, Safari and Edge. */
const PUSH_SERVICES = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
];

const PushSettings = z
  .strictObject({
    /** The VAPID key that `fenestra push-key` makes; empty for no notifications of phones. */
    private_key: z
      .string()
      .refine((key) => key === '' || isVapidKey(key), 'must be empty or a key as `fenestra push-key` makes one')
      .default(''),
    /** Whom push services write to: `mailto:` or `https:`. */
    contact: z
      .union([z.literal(''), z.url({ protocol: /^(?:https|mailto)$/, error: 'must be a mailto or https address' })])
      .default(''),
    /** Hosts that are sent to, `*.` in front for all below; one of the plant's own network by its address. */
    services: z
      .array(z.string().regex(SERVICE, 'must be a host, *.host or an address, with or without a port'))
      .min(1)
      .max(16)
      .refine((all) => new Set(all).size === all.length, 'must differ')
      .default(PUSH_SERVICES),
    priorities: Priorities,
  })
  .refine((push) => push.private_key === '' || push.contact !== '', {
    path: ['contact'],
    message: 'must be set with private_key: push services ask for it',
  });

/** Who is told of alarms besides the screens: the section `[notify]` of the settings. */
export const Notify = z.strictObject({
  /** Where people reach this server, for links; empty for none. */
  external_url: z.union([z.literal(''), webUrl]).default(''),
  /** Of mails, one after the other. */
  languages: z
    .array(z.enum(['en', 'ko']))
    .min(1)
    .max(2)
    .default(['en']),
  mqtt: MqttSettings.prefault({}),
  mail: MailSettings.prefault({}),
  push: PushSettings.prefault({}),
  webhooks: z
    .array(WebhookSettings)
    .max(16)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must have different names')
    .default([]),
});

function isWithoutName(url: string): boolean {
  if (!URL.canParse(url)) return true; // which is another fault
  const { username, password } = new URL(url);
  return username === '' && password === '';
}
