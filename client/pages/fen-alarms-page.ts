import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type AlarmReply, HIDE_REASONS, type HideReason } from '../../server/wire/alarms.ts';
import type { AlarmsLive } from '../alarms-live.ts';
import { occurrenceKey, settlingOf } from '../components/aim.ts';
import type { AlarmCardEvent } from '../components/alarm-card-event.ts';
import type { AlarmActEvent } from '../components/alarm-events.ts';
import { alarmWords } from '../components/alarm-words.ts';
import { type CalmList, CalmOrder, HANDS } from '../components/calm-order.ts';
import type { ChoiceEvent } from '../components/choice-event.ts';
import '../components/fen-alarm-card.ts';
import '../components/fen-alarm-dialog.ts';
import type { FenAlarmDialog } from '../components/fen-alarm-dialog.ts';
import '../components/fen-person.ts';
import '../components/fen-phone-notices.ts';
import '../components/fen-phone-sound.ts';
import '../components/fen-signature.ts';
import { promptPace } from '../components/readable-pace.ts';
import { showCalling } from '../components/show-calling.ts';
import { ALARM_PAGE_TEXTS } from '../locale/alarm-page-texts.ts';
import { Locale } from '../locale/locale.ts';
import type { AlarmDesk, AlarmWish } from '../store/alarm-desk.ts';
import type { AlarmState } from '../store/alarms.ts';
import type { PersonDesk } from '../store/person.ts';
import type { PhoneNotices } from '../store/phone-notices.ts';
import type { QuietSince } from '../store/quiet-since.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import {
  type PageWords,
  renderCounts,
  renderFlood,
  renderFoot,
  renderGrave,
  renderLife,
  renderRefused,
} from './alarms-page-parts.ts';
import { renderQuiet } from './alarms-page-quiet.ts';
import { styles } from './fen-alarms-page.styles.ts';
import type { PageLoader } from './late-page.ts';
import { siteName } from './page-title.ts';
import { Preferences } from './preferences.ts';

/** Cards that are drawn at first, and with every press on the button for more. */
const CARDS = 40;

/** The alarms alone, for a phone in one hand; on a wide screen a list. */
@customElement('fen-alarms-page')
export class FenAlarmsPage extends LitElement {
  static override styles = [shared, styles];

  /** Set once, before the element is in the document; so are the next five. */
  @property({ attribute: false }) live!: AlarmsLive;
  @property({ attribute: false }) desk!: AlarmDesk;
  /** Who signs. */
  @property({ attribute: false }) person!: PersonDesk;
  @property({ attribute: false }) notices!: PhoneNotices;
  @property({ attribute: false }) quiet!: QuietSince;
  /** Gets the script that draws trends. */
  @property({ attribute: false }) trend!: PageLoader;

  /** The alarm that is said in full; the most urgent where nobody chose one, none where it is empty. */
  @state() private opened: string | undefined;
  @state() private trendOf: string | undefined;
  @state() private shownCards = CARDS;
  @state() private hiddenList: HideReason | undefined;
  @query('fen-alarm-dialog') private readonly dialog!: FenAlarmDialog;
  private readonly preferences = new Preferences();
  private readonly order = new CalmOrder(() => performance.now());
  private readonly settling = settlingOf(this);
  private calm: CalmList = { alarms: [], waiting: 0 };
  private locale?: Locale;

  constructor() {
    super();
    for (const kind of HANDS) this.addEventListener(kind, () => this.order.touch(), { passive: true });
    new StoreController(this, () => this.preferences);
    new StoreController(this, () => this.live.alarms, promptPace);
    new StoreController(this, () => this.live.channels);
    new StoreController(this, () => this.live.site);
    new StoreController(this, () => this.live.life);
    new StoreController(this, () => this.desk);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.preferences.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.preferences.close();
  }

  protected override willUpdate(): void {
    const { language } = this.preferences.value;
    const timeZone = this.live.site.value?.timeZone ?? 'UTC';
    if (this.locale?.language !== language || this.locale.timeZone !== timeZone) {
      this.locale = new Locale(language, timeZone);
    }
    const { alarms } = this.live;
    const { shown, hidden } = alarms.value;
    this.calm = this.order.arrange('shown', shown, (tag) => alarms.find(tag));
    const below = this.hiddenList === undefined ? [] : hidden[this.hiddenList].slice(0, this.shownCards);
    this.settling.draw([...this.calm.alarms.slice(0, this.shownCards), ...below].map(occurrenceKey));
  }

  protected override updated(): void {
    showCalling(this.live.alarms.value, [this.words.text.alarms, siteName(this.live.site.value?.name)]);
  }

  /** Says an alarm in full; the most urgent one where `tag` is empty. */
  open(tag: string): void {
    this.opened = tag || undefined;
  }

  override render() {
    const { words, live } = this;
    const { text, locale } = words;
    const life = live.life.value;
    const alarms = live.alarms.value;
    return html`
      <div class="top">
        <header class="head">
          <h1>${text.alarms}</h1>
          <a href="/">${locale.text.controlRoom}</a>
          ${renderLife(life, words)}
        </header>
        ${renderGrave(life, words)}
      </div>
      <main @fen-alarm-card=${this.act}>
        ${alarms.isStale && !life.isSilent ? html`<p class="note" role="status">${text.stale}</p>` : nothing}
        ${renderCounts(alarms, words)}
        <fen-phone-sound .live=${live} .locale=${words.locale} .mutedUntilMs=${this.preferences.value.mutedUntilMs} @fen-choice=${({ key, chosen }: ChoiceEvent) => this.preferences.choose({ [key]: chosen })}></fen-phone-sound>
        <div role="alert">${this.desk.value.refused.map((refused) => renderRefused(refused, this.nameOf, { ...words, dismiss: (id) => this.desk.dismiss(id) }))}</div>
        ${renderFlood(alarms, this.nameOf, { ...words, nowMs: this.nowMs })} ${this.renderShown(alarms)} ${this.renderHidden(alarms)}
        <footer>
          <p>${renderFoot(this.desk.value.actions.length, words)}</p>
          <fen-phone-notices .notices=${this.notices} .locale=${words.locale}></fen-phone-notices>
          <fen-signature .desk=${this.person} .locale=${words.locale}></fen-signature>
        </footer>
      </main>
      <fen-alarm-dialog .locale=${words.locale} @fen-alarm-act=${({ wish }: AlarmActEvent) => this.sign(wish)}></fen-alarm-dialog>
      <fen-person .desk=${this.person} .locale=${words.locale}></fen-person>
    `;
  }

  private renderShown({ leftOut, flood }: AlarmState) {
    const { text, locale } = this.words;
    const { alarms, waiting } = this.calm;
    const news =
      waiting === 0
        ? nothing
        : html`<button class="more news" @click=${this.showWaiting}>${text.waitingAlarms(locale.count(waiting))}</button>`;
    if (alarms.length === 0) {
      return renderQuiet(this.live, { ...this.words, nowMs: this.nowMs, sinceMs: this.quiet.value });
    }
    return html`
      ${this.renderList(alarms, this.opened ?? alarms[0].tag, flood?.firstOut)} ${news}
      ${leftOut > 0 ? html`<p class="note">${locale.text.alarmsLeftOut(locale.count(leftOut))}</p>` : nothing}
    `;
  }

  /** So many as fit a phone, and the rest on demand; what came first in a flood is always among them. */
  private renderList(alarms: readonly AlarmReply[], opened: string | undefined, firstOut: string | undefined) {
    const { text, locale } = this.words;
    const rest = alarms.slice(this.shownCards);
    const cards = [...alarms.slice(0, this.shownCards), ...rest.filter(({ tag }) => tag === firstOut)];
    const more = Math.min(CARDS, rest.length);
    return html`
      <div class="rows">${this.renderCards(cards, opened)}</div>
      ${more > 0 ? html`<button class="more" @click=${() => (this.shownCards += CARDS)}>${text.more(locale.count(more))}</button>` : nothing}
    `;
  }

  private renderCards(alarms: readonly AlarmReply[], opened: string | undefined) {
    const { live, desk } = this;
    const { locale } = this.words;
    const { flood } = live.alarms.value;
    const { isSilent } = live.life.value;
    return repeat(
      alarms,
      ({ tag }) => tag,
      (alarm) => html`
        <fen-alarm-card
          .alarm=${alarm}
          .definition=${live.alarms.definition(alarm.definition)}
          .channel=${alarm.channel === undefined ? undefined : live.channels.value.get(alarm.channel)}
          .action=${desk.of(alarm.tag)}
          .nowMs=${this.nowMs}
          .locale=${locale}
          ?stale=${isSilent || live.alarms.isStale(alarm.tag)}
          ?open=${alarm.tag === opened}
          ?settling=${this.settling.isSettling}
          ?first=${flood?.firstOut === alarm.tag}
          ?trend=${alarm.tag === this.trendOf && alarm.tag === opened}
        ></fen-alarm-card>
      `,
    );
  }

  private renderHidden({ hidden }: AlarmState) {
    const { text, locale } = this.words;
    const reasons = HIDE_REASONS.filter((reason) => hidden[reason].length > 0);
    if (reasons.length === 0) return nothing;
    return html`
      <section class="hidden">
        <h2>${text.hiddenLists}</h2>
        ${reasons.map((reason) => {
          const isOpen = this.hiddenList === reason;
          return html`
            <button aria-expanded=${isOpen} @click=${() => (this.hiddenList = isOpen ? undefined : reason)}>
              <span>${locale.text.hideReason[reason]}</span><span>${locale.count(hidden[reason].length)}</span>
            </button>
            ${isOpen ? this.renderList(hidden[reason], this.opened, undefined) : nothing}
          `;
        })}
      </section>
    `;
  }

  private readonly showWaiting = (): void => {
    this.order.release();
    scrollTo(0, 0);
    this.requestUpdate();
  };

  private act({ act, seen }: AlarmCardEvent): void {
    const { tag } = seen;
    switch (act) {
      case 'open':
        this.opened = this.isOpen(tag) ? '' : tag;
        return;
      case 'trend':
        this.trendOf = this.trendOf === tag ? undefined : tag;
        if (this.trendOf !== undefined) void this.loadTrend();
        return;
      case 'undo': {
        const id = this.desk.of(tag)?.action.id;
        if (id !== undefined) this.desk.takeBack(id);
        return;
      }
      case 'shelve':
        void this.dialog.ask('shelve', [seen], this.nameOf({ tag }));
        return;
      case 'acknowledge':
      case 'reset':
      case 'unshelve':
      case 'in-service':
        void this.sign({ action: act, alarms: [seen] });
        return;
    }
  }

  /** Has something done in the name of the reader, who is asked for it once. */
  private async sign(wish: AlarmWish): Promise<void> {
    if (this.person.value.name === undefined && !(await this.person.ask('name'))) return;
    this.desk.ask(wish);
  }

  private isOpen(tag: string): boolean {
    return (this.opened ?? this.calm.alarms[0]?.tag) === tag;
  }

  private async loadTrend(): Promise<void> {
    while (this.trendOf !== undefined && customElements.get('fen-alarm-trend') === undefined) {
      await this.trend.load().catch(() => undefined); // which waits before it tries again
    }
  }

  /** Place and title. */
  private readonly nameOf = ({ tag }: Pick<AlarmReply, 'tag'>): string => {
    const alarm = this.live.alarms.find(tag);
    if (alarm === undefined) return tag;
    const label = alarm.channel === undefined ? undefined : this.live.channels.value.get(alarm.channel)?.label;
    const { locale } = this.words;
    const definition = this.live.alarms.definition(alarm.definition);
    const { title } = alarmWords(alarm, definition, { language: locale.language, label });
    return `${label ?? alarm.channel ?? locale.text.alarmOfPlant}: ${title}`;
  };

  /** Server clock in whole seconds, so that cards are drawn anew no more often than they can be read. */
  private get nowMs(): number | undefined {
    const { serverMs } = this.live.life.value;
    return serverMs === undefined ? undefined : Math.floor(serverMs / 1000) * 1000;
  }

  private get words(): PageWords {
    if (!this.locale) throw new Error('rendered before willUpdate');
    return { locale: this.locale, text: ALARM_PAGE_TEXTS[this.locale.language] };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarms-page': FenAlarmsPage;
  }
}
