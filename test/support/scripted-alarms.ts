import express, { type Router } from 'express';
import type { ActionReply, ActionResult, AlarmAction, SeenAlarm } from '../../server/wire/alarm-actions.ts';
import type { AlarmDefinitions } from '../../server/wire/alarm-definitions.ts';
import type { AlarmFlood, AlarmReply, BaseState, Hiding } from '../../server/wire/alarms.ts';
import type { HubEvent } from '../../server/wire/events.ts';

/** The alarms of a scene: what the hub tells of them after the welcome. */
export interface AlarmScene {
  readonly definitions: AlarmDefinitions['definitions'];
  readonly alarms: readonly AlarmReply[];
  readonly flood?: Omit<AlarmFlood, 'type'>;
}

/** Who signs what is done. */
export const OPERATOR = 'J. Kim';
// Of alarms in one message.
const PIECE = 100;

const ACKNOWLEDGED: Readonly<Partial<Record<BaseState, BaseState>>> = {
  unacknowledged: 'acknowledged',
  'rtn-unacknowledged': 'normal',
  'latched-unacknowledged': 'latched-acknowledged',
};

/** Alarms as a script says: they change when it says so, and by what viewers do. */
export class ScriptedAlarms {
  /** What viewers asked for, in order. */
  readonly actions: AlarmAction[] = [];
  readonly #scene: AlarmScene;
  readonly #tell: (event: HubEvent) => void;
  readonly #alarms: Map<string, AlarmReply>;
  /** What of REST is about alarms. */
  readonly routes = this.#routes();
  #flood: AlarmScene['flood'];

  /** `tell` says something to all viewers. */
  constructor(scene: AlarmScene, tell: (event: HubEvent) => void) {
    this.#scene = scene;
    this.#tell = tell;
    this.#alarms = new Map(scene.alarms.map((alarm) => [alarm.tag, alarm]));
    this.#flood = scene.flood;
  }

  /** What a viewer is told after the welcome. */
  greeting(): HubEvent[] {
    const all = this.standing();
    const pieces = Math.max(1, Math.ceil(all.length / PIECE));
    return [
      { type: 'alarm-definitions', definitions: this.#scene.definitions },
      ...Array.from(
        { length: pieces },
        (_, i): HubEvent => ({
          type: 'alarms',
          snapshot: i === pieces - 1 ? 'last' : 'more',
          alarms: all.slice(i * PIECE, (i + 1) * PIECE),
        }),
      ),
      { type: 'alarm-flood', ...this.#flood },
    ];
  }

  /** Alarms have changed. */
  change(...alarms: readonly AlarmReply[]): void {
    for (const alarm of alarms) this.#alarms.set(alarm.tag, alarm);
    this.#tell({ type: 'alarms', alarms });
  }

  setFlood(flood: AlarmScene['flood']): void {
    this.#flood = flood;
    this.#tell({ type: 'alarm-flood', ...flood });
  }

  /** Those that are not simply normal. */
  standing(): AlarmReply[] {
    return [...this.#alarms.values()].filter(({ state, hidden }) => state !== 'normal' || hidden.length > 0);
  }

  /** There is no such alarm any more; nobody is told. */
  forget(tag: string): void {
    this.#alarms.delete(tag);
  }

  find(tag: string): AlarmReply {
    const alarm = this.#alarms.get(tag);
    if (!alarm) throw new Error(`the scene has no alarm ${tag}`);
    return alarm;
  }

  #routes(): Router {
    const router = express.Router();
    router.post('/api/alarms/actions', express.json({ limit: '1mb' }), (req, res) => {
      const action = req.body as AlarmAction;
      this.actions.push(action);
      const results = action.alarms.map((seen) => this.#act(action, seen));
      this.change(...results.flatMap(({ refusal, alarm }) => (refusal === undefined && alarm ? [alarm] : [])));
      res.json({ id: action.id, results } satisfies ActionReply);
    });
    return router;
  }

  #act(action: AlarmAction, { tag, occurrence }: SeenAlarm): ActionResult {
    const alarm = this.#alarms.get(tag);
    if (!alarm) return { tag, refusal: 'ALARM_UNKNOWN' };
    if (alarm.occurrence !== occurrence) return { tag, refusal: 'ALARM_NEWER', alarm };
    const changed = changeBy(action, alarm);
    if (!changed) return { tag, refusal: 'ALARM_STATE', alarm };
    return { tag, alarm: { ...alarm, ...changed, version: alarm.version + 1 } };
  }
}

/** Undefined where its state does not allow it. */
function changeBy(action: AlarmAction, alarm: AlarmReply): Partial<AlarmReply> | undefined {
  const atMs = Date.now();
  const { comment } = action;
  const signature = { by: OPERATOR, atMs, ...(comment !== undefined && { comment }) };
  const hide = (hiding: Omit<Hiding, 'sinceMs'>) => ({
    hidden: [...alarm.hidden.filter(({ reason }) => reason !== hiding.reason), { sinceMs: atMs, ...hiding }],
  });
  switch (action.action) {
    case 'acknowledge': {
      const state = ACKNOWLEDGED[alarm.state];
      return state && { state, acknowledged: signature };
    }
    case 'reset':
      return alarm.state === 'latched-acknowledged' ? { state: 'normal' } : undefined;
    case 'shelve': {
      const seconds = action.until === 'end-of-shift' ? 8 * 3600 : action.until.seconds;
      return hide({ reason: 'shelved', by: OPERATOR, comment: action.comment, untilMs: atMs + seconds * 1000 });
    }
    case 'out-of-service':
      return hide({ reason: 'out-of-service', by: OPERATOR, comment: action.comment });
    case 'unshelve':
      return { hidden: alarm.hidden.filter(({ reason }) => reason !== 'shelved') };
    case 'in-service':
      return { hidden: alarm.hidden.filter(({ reason }) => reason !== 'out-of-service') };
    case 'comment':
      return { comment: signature };
  }
}
