import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { SeenAlarm } from '../../server/wire/alarm-actions.ts';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { AlarmCalls } from '../alarm-calls.ts';
import { BURST_ALARMS } from '../sound.ts';
import type { AlarmDesk } from '../store/alarm-desk.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import type { AlarmActEvent, AlarmWishEvent } from './alarm-events.ts';
import { type AlarmSpeech, alarmName } from './alarm-speech.ts';
import './fen-alarm-banner.ts';
import type { FenAlarmBanner } from './fen-alarm-banner.ts';
import type { FenAlarmDialog } from './fen-alarm-dialog.ts';
import './fen-silence-banner.ts';
import { ChoiceEvent } from './choice-event.ts';
import { promptPace, readablePace } from './readable-pace.ts';
import { showCalling } from './show-calling.ts';

const HANDS = ['pointerdown', 'keydown'];
const BURST_SHOWN_MS = 60_000;
// Who listens is told no more often.
const SAID_MS = 4000;

/**
 * What calls people on every page: the banner with the most urgent alarm, above
 * all that the server is silent; sound; words for those who listen; the title
 * of the tab; and what must be told before an alarm is shelved. Takes
 * `fen-alarm-wish` of all the page to the desk.
 */
@customElement('fen-alarm-watch')
export class FenAlarmWatch extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      fen-silence-banner {
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) desk!: AlarmDesk;
  @property({ attribute: false }) life!: LifeStore;
  /** What the page is called that it is on. */
  @property({ attribute: false }) page = '';
  /** As `Choices`. */
  @property({ attribute: false }) mutedUntilMs = 0;
  /** The banner stands here also while nobody is called. */
  @property({ attribute: false }) isStanding = false;

  @state() private burst = 0;
  @state() private said = '';
  @query('fen-alarm-banner') private readonly banner!: FenAlarmBanner;
  @query('fen-alarm-dialog') private readonly dialog!: FenAlarmDialog;

  private readonly calls = new AlarmCalls();
  private unsaid: readonly AlarmReply[] = [];
  private timers: Record<'burst' | 'said', ReturnType<typeof setTimeout> | undefined> = {
    burst: undefined,
    said: undefined,
  };
  private readonly onHand = () => this.calls.sound.allow();
  private readonly onWish = (event: AlarmWishEvent) => this.take(event);

  constructor() {
    super();
    new StoreController(this, () => this.speech.alarms, promptPace);
    new StoreController(this, () => this.life, readablePace);
    new StoreController(this, () => this.calls.sound);
  }

  /** Comes to the most urgent alarm, where there is one. */
  override focus(): void {
    this.banner.focus();
  }

  /** Whether something is asked, so that keys mean letters. */
  get isAsking(): boolean {
    return this.dialog.isOpen === true; // its script comes later
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const hand of HANDS) addEventListener(hand, this.onHand, { capture: true });
    addEventListener('fen-alarm-wish', this.onWish);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const hand of HANDS) removeEventListener(hand, this.onHand, { capture: true });
    removeEventListener('fen-alarm-wish', this.onWish);
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.calls.sound.close();
  }

  protected override willUpdate(): void {
    const { isSilent, mutedUntilMs } = this;
    const { serverMs } = this.life.value;
    const look = { alarms: this.speech.alarms.value, isSilent, serverMs, mutedUntilMs };
    const { fresh, endsMute } = this.calls.look(look);
    if (endsMute) this.unmute();
    if (fresh.length === 0) return;
    if (fresh.length > BURST_ALARMS) this.tellBurst(fresh.length);
    this.unsaid = [...this.unsaid, ...fresh];
    this.timers.said ??= setTimeout(() => this.say(), this.said === '' ? 0 : SAID_MS);
  }

  protected override updated(): void {
    showCalling(this.speech.alarms.value, [this.page]);
  }

  override render() {
    const { speech, life, isSilent } = this;
    const { serverMs } = life.value;
    const isCalled = isSilent || speech.alarms.value.shown.some(({ state }) => state === 'unacknowledged');
    return html`
      <fen-alarm-banner
        role="region"
        aria-label=${speech.locale.text.alarms}
        ?away=${!this.isStanding && !isCalled}
        ?stale=${isSilent}
        .speech=${speech}
        .alarms=${speech.alarms.value}
        .sound=${this.calls.sound.value}
        .mutedUntilMs=${this.mutedUntilMs}
        .burst=${this.burst}
        .nowMs=${serverMs === undefined ? undefined : Math.floor(serverMs / 1000) * 1000}
        @fen-sound-allow=${this.onHand}
      >
        <fen-silence-banner .life=${life} .locale=${speech.locale}></fen-silence-banner>
      </fen-alarm-banner>
      <p class="unseen" role="log" aria-live="polite">${this.said}</p>
      <fen-alarm-dialog .locale=${speech.locale} @fen-alarm-act=${({ wish }: AlarmActEvent) => this.desk.ask(wish)}></fen-alarm-dialog>
      <fen-alarm-notice .desk=${this.desk} .speech=${speech}></fen-alarm-notice>
    `;
  }

  private get isSilent(): boolean {
    return this.life.value.liveness === 'silent';
  }

  private unmute(): void {
    this.mutedUntilMs = 0;
    this.dispatchEvent(new ChoiceEvent('mutedUntilMs', 0));
  }

  private tellBurst(count: number): void {
    this.burst += count;
    clearTimeout(this.timers.burst);
    this.timers.burst = setTimeout(() => {
      this.burst = 0;
    }, BURST_SHOWN_MS);
  }

  /** What came since it spoke last, in one sentence: a flood floods nobody's ears. */
  private say(): void {
    const { speech, unsaid } = this;
    const { text } = speech.locale;
    const [first] = unsaid;
    this.unsaid = [];
    this.timers.said = undefined;
    if (!first) return;
    this.said =
      unsaid.length === 1
        ? text.alarmSaid(text.alarmPriority[first.priority], alarmName(first, speech))
        : text.alarmsSaid(speech.locale.count(unsaid.length));
    this.timers.said = setTimeout(() => this.say(), SAID_MS);
  }

  /** One by its name, more by their number. */
  private called(alarms: readonly SeenAlarm[]): string {
    const { speech } = this;
    const [alarm] = alarms.length === 1 ? alarms.map(({ tag }) => speech.alarms.find(tag)) : [];
    return alarm ? alarmName(alarm, speech) : speech.locale.text.alarmsCounted(speech.locale.count(alarms.length));
  }

  private take({ action, alarms }: AlarmWishEvent): void {
    switch (action) {
      case 'shelve':
      case 'out-of-service':
      case 'comment':
        void customElements
          .whenDefined('fen-alarm-dialog')
          .then(() => this.dialog.ask(action, alarms, this.called(alarms)));
        return;
      default:
        this.desk.ask({ action, alarms: [...alarms] });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-watch': FenAlarmWatch;
  }
}
