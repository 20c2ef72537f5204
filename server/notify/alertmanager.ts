import { createHash } from 'node:crypto';
import { type AlarmMessage, messageId } from './message.ts';

// The JSON of Alertmanager's webhooks, version 4:
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config

type Words = Readonly<Record<string, string>>;

export interface Alert {
  readonly status: 'firing' | 'resolved';
  /** What names it: the same from the first transition to the last, but for the priority. */
  readonly labels: Words;
  readonly annotations: Words;
  /** RFC 3339. The end of one that is firing is the zero time. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  /** Of the alarm. */
  readonly fingerprint: string;
}

export interface AlertGroup {
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: 0;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Words;
  readonly commonLabels: Words;
  readonly commonAnnotations: Words;
  readonly externalURL: string;
  readonly alerts: readonly Alert[];
}

export interface AlertOptions {
  readonly receiver: string;
  readonly site: string;
  /** Where people reach the server; empty where nobody said. */
  readonly externalUrl: string;
  /** Whether it is to be called standing: nothing hides it, and its priority is one that is told. */
  readonly isFiring: (message: AlarmMessage) => boolean;
}

const ZERO_TIME = '0001-01-01T00:00:00Z';

/** All messages of a site are one group, so that what goes together does not decide what it is called. */
export function toAlertGroup(messages: readonly AlarmMessage[], options: AlertOptions): AlertGroup {
  const { receiver, site, externalUrl } = options;
  const alerts = messages.map((message) => toAlert(message, options));
  return {
    version: '4',
    groupKey: `{}:{site=${JSON.stringify(site)}}`,
    truncatedAlerts: 0,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver,
    groupLabels: { site },
    commonLabels: commonOf(alerts.map(({ labels }) => labels)),
    commonAnnotations: commonOf(alerts.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    alerts,
  };
}

/** Where people see an alarm: its channel, or all alarms. */
export function pageOf(externalUrl: string, channel: string | undefined): string {
  if (externalUrl === '') return '';
  const base = externalUrl.replace(/\/+$/, '');
  return channel === undefined ? `${base}/` : `${base}/channels/${encodeURIComponent(channel)}`;
}

function toAlert(message: AlarmMessage, { site, externalUrl, isFiring }: AlertOptions): Alert {
  const { tag, definition, channel, label, priority, atMs, raisedMs = atMs } = message;
  const isOn = isFiring(message);
  return {
    status: isOn ? 'firing' : 'resolved',
    labels: strings({ alertname: definition, alarm: tag, channel, severity: priority, site }),
    annotations: { ...strings({ label }), ...annotationsOf(message) },
    startsAt: new Date(raisedMs).toISOString(),
    endsAt: isOn ? ZERO_TIME : new Date(atMs).toISOString(),
    generatorURL: pageOf(externalUrl, channel),
    fingerprint: createHash('sha256').update(tag).digest('hex').slice(0, 16),
  };
}

function annotationsOf(message: AlarmMessage): Words {
  const { texts, event, state, hidden, finding, by, comment, capture, timeToRespondSeconds } = message;
  const { title, ...rest } = texts?.en ?? {};
  const { title: titleKo, cause: causeKo, consequence: consequenceKo, action: actionKo } = texts?.ko ?? {};
  return strings({
    id: messageId(message),
    summary: title,
    ...rest,
    ...{ summary_ko: titleKo, cause_ko: causeKo, consequence_ko: consequenceKo, action_ko: actionKo },
    time_to_respond_seconds: timeToRespondSeconds,
    event,
    state,
    hidden: hidden.join(' ') || undefined,
    ...{ value: finding?.value, limit: finding?.limit, finding: finding?.text },
    by,
    comment,
    capture,
  });
}

function commonOf(all: readonly Words[]): Words {
  const [first = {}, ...rest] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => rest.every((words) => words[key] === value)),
  );
}

function strings(values: Readonly<Record<string, string | number | undefined>>): Words {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([key, value]) => [key, String(value)]));
}
