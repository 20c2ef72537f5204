import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Acting } from '../acting.ts';
import type { PlotLoader } from '../charts/fen-trend-chart.ts';
import { FrameScheduler } from '../charts/frame-scheduler.ts';
import type { AlarmSpeech } from '../components/alarm-speech.ts';
import { type CaptureAskEvent, captureRequest } from '../components/fen-capture-button.ts';
import '../components/fen-life-strip.ts';
import type { ChoiceEvent } from '../components/choice-event.ts';
import type { FenSettings } from '../components/fen-settings.ts';
import '../components/fen-alarm-watch.ts';
import type { FenAlarmWatch } from '../components/fen-alarm-watch.ts';
import type { WindowSelectEvent } from '../components/fen-window-choice.ts';
import { WINDOWS_MS } from '../components/time-window.ts';
import type { OpenDiagnosis } from '../diagnosing.ts';
import type { Live } from '../live.ts';
import { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { AlarmDesk } from '../store/alarm-desk.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import type { Choices } from './choices.ts';
import { styles } from './fen-app.styles.ts';
import type { FenChannelPage } from './fen-channel-page.ts';
import { ALARM_LIST } from './fen-control-page.ts';
import './fen-missing-page.ts';
import { neighbourOf } from '../components/neighbour.ts';
import { alarmPath, channelPath, parseRoute, type Route } from '../components/route.ts';
import { renderAlarmPage } from './alarm-pages.ts';
import type { LatePage } from './late-page.ts';
import { LatePages, type PageLoaders } from './late-pages.ts';
import { timeOfAddress } from './look-address.ts';
import type { LookChangeEvent } from './look-change.ts';
import { Navigation } from './navigation.ts';
import { offeredChoices } from './offered-choices.ts';
import { renderPageLinks } from './page-links.ts';
import { pageName, siteName } from './page-title.ts';
import { enter, type Placed, placeOn } from './place.ts';
import { Preferences } from './preferences.ts';
import { Shortcuts } from './shortcuts.ts';
import { wishesOf } from './wishes.ts';

/** The whole page: what is on every screen, and the page the address stands for. */
@customElement('fen-app')
export class FenApp extends LitElement {
  static override styles = [shared, styles];

  /** Set once, before the element is in the document; so are the next five. */
  @property({ attribute: false }) live!: Live;
  @property({ attribute: false }) acting!: Acting;
  @property({ attribute: false }) alarmDesk!: AlarmDesk;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) pageLoaders!: PageLoaders;
  @property({ attribute: false }) openDiagnosis!: OpenDiagnosis;

  @query('main') private readonly main!: HTMLElement;
  @query('fen-settings') private readonly settings!: FenSettings;
  @query('fen-alarm-watch') private readonly watch!: FenAlarmWatch;

  private readonly scheduler = new FrameScheduler(window);
  private readonly navigation = new Navigation(() => placeOn(this.page));
  private readonly preferences = new Preferences();
  private readonly shortcuts = new Shortcuts();
  private readonly latePages = new LatePages(
    () => this.pageLoaders,
    () => this.requestUpdate(),
  );
  private readonly site = new StoreController(this, () => this.live.site);
  private readonly onKey = (event: KeyboardEvent) => this.act(event);
  private readonly onClick = (event: MouseEvent) => this.navigation.takeClick(event);
  private speech?: AlarmSpeech;
  private shownPath?: string;

  constructor() {
    super();
    new StoreController(this, () => this.navigation);
    this.addEventListener('fen-alarm-open', ({ tag }) => this.navigation.go(tag === undefined ? '/' : alarmPath(tag)));
    new StoreController(this, () => this.preferences);
    new StoreController(this, () => this.live.fleet); // for the title
    new StoreController(this, () => this.live.history); // as well
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.preferences.start();
    this.navigation.start();
    addEventListener('keydown', this.onKey);
    this.addEventListener('click', this.onClick);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.preferences.close();
    this.navigation.close();
    removeEventListener('keydown', this.onKey);
  }

  protected override willUpdate(): void {
    const { language } = this.preferences.value;
    const timeZone = this.site.value?.site.timeZone ?? 'UTC';
    const known = this.speech?.locale;
    if (known?.language !== language || known.timeZone !== timeZone) {
      const { alarms, fleet } = this.live;
      const unitOf = (name: string) => fleet.find(name)?.value.channel.unit ?? '';
      this.speech = { alarms, labelOf: this.labelOf, unitOf, locale: new Locale(language, timeZone) };
    }
    this.live.wish(wishesOf(this.navigation.value, this.preferences.value.windowMs, location.search));
    this.live.diagnosing.choose(this.preferences.value.diagnosis === 'here' ? this.openDiagnosis : undefined);
    this.awaited?.need();
  }

  protected override updated(): void {
    if (this.awaited) return; // nobody can enter what is not there
    const path = location.pathname;
    if (this.shownPath !== undefined && this.shownPath !== path) this.enterFrom(parseRoute(this.shownPath));
    this.shownPath = path;
  }

  override render() {
    const { live, said: speech } = this;
    const { locale } = speech;
    const { text } = locale;
    return html`
      <header class="head">
        <button class="skip" @click=${() => this.main.focus()}>${text.skip}</button>
        <span class="brand">Fenestra</span>
        <span class="site">${siteName(this.site.value?.site.name)}</span>
        <nav aria-label=${text.pages}>
          ${renderPageLinks(text, location.pathname)}
          <a class="boards" href="/wall/edit" aria-current=${this.navigation.value.kind === 'boards' ? 'page' : nothing}>${locale.text.walls}</a>
          <button aria-label=${text.settings} title=${text.settings} @click=${this.openSettings}>
            <kbd aria-hidden="true">?</kbd>
          </button>
        </nav>
        <fen-life-strip .life=${live.life} .locale=${locale}></fen-life-strip>
      </header>
      <fen-alarm-watch .page=${pageName(this.navigation.value, locale, this.labelOf)} .desk=${this.alarmDesk} .speech=${speech} .life=${live.life} .mutedUntilMs=${this.preferences.value.mutedUntilMs} .isStanding=${this.navigation.value.kind === 'control'} @fen-choice=${this.choose}></fen-alarm-watch>
      <main
        tabindex="-1"
        @fen-choice=${this.choose}
        @fen-window-select=${({ windowMs }: WindowSelectEvent) => this.preferences.choose({ windowMs })}
        @fen-freeze-toggle=${this.toggleFreeze}
        @fen-look-change=${(event: LookChangeEvent) => this.navigation.go(`${location.pathname}?${event.query}`)}
        @fen-capture-ask=${(event: CaptureAskEvent) => this.acting.captureDesk.ask(event.request)}
      >
        ${this.renderPage(this.navigation.value, speech)}
      </main>
      <fen-capture-notice .desk=${this.acting.captureDesk} .route=${this.navigation.value} .labelOf=${this.labelOf} .locale=${locale}></fen-capture-notice>
      <fen-settings
        .locale=${locale}
        .choices=${offeredChoices(this.preferences.value, locale)}
        .hasKeys=${this.preferences.value.hasKeys}
        @fen-choice=${this.choose}
        @fen-open=${() => this.acting.person.look()}
      ><fen-signature .desk=${this.acting.person} .locale=${locale}></fen-signature></fen-settings>
      <fen-person .desk=${this.acting.person} .locale=${locale}></fen-person>
    `;
  }

  private renderPage(route: Route, speech: AlarmSpeech) {
    const { scheduler, plots } = this;
    const { locale } = speech;
    const { fleet, life } = this.live;
    const { windowMs } = this.preferences.value;
    if (this.awaited) return this.renderWaiting(locale);
    switch (route.kind) {
      case 'control':
        return html`<fen-control-page .query=${location.search} .speech=${speech} .alarmDesk=${this.alarmDesk} .fleet=${fleet} .life=${life} .scheduler=${scheduler} .plots=${plots} .windowMs=${windowMs} .locale=${locale}></fen-control-page>`;
      case 'channel':
        return html`<fen-channel-page .speech=${speech} .name=${route.name} .query=${location.search} .fleet=${fleet} .history=${this.live.history} .diagnosing=${this.live.diagnosing} .life=${life} .scheduler=${scheduler} .plots=${plots} .windowMs=${windowMs} .locale=${locale}></fen-channel-page>`;
      case 'captures':
        return html`<fen-captures-page .query=${location.search} .captures=${this.acting.captures} .fleet=${fleet} .life=${life} .locale=${locale}></fen-captures-page>`;
      case 'capture':
        return html`<fen-capture-page .identifier=${route.id} .query=${location.search} .captures=${this.acting.captures} .kernels=${this.live.kernels} .locale=${locale}></fen-capture-page>`;
      case 'models':
        return html`<fen-models-page .query=${location.search} .fleet=${fleet} .clock=${this.live.clock} .diagnosing=${this.live.diagnosing} .models=${this.acting.models} .locale=${locale}></fen-models-page>`;
      case 'journal':
      case 'kpi':
        return renderAlarmPage(route, { query: location.search, live: this.live, speech, locale });
      case 'boards':
        return html`<fen-board-page .query=${location.search} .client=${this.acting.boards} .fleet=${fleet} .locale=${locale}></fen-board-page>`;
      case 'alarm-settings':
        return html`<fen-alarm-settings-page .query=${location.search} .client=${this.acting.definitions} .locale=${locale}></fen-alarm-settings-page>`;
      case 'system':
        return html`<fen-system-page .fleet=${fleet} .life=${life} .locale=${locale}></fen-system-page>`;
      case 'unknown':
        return html`<fen-missing-page .heading=${locale.text.notFound} .why=${locale.text.notFoundWhy(route.path)} .locale=${locale}></fen-missing-page>`;
    }
  }

  private renderWaiting(locale: Locale) {
    const why = this.awaited?.isFailing ? locale.text.pageNotLoaded : locale.text.pageLoading;
    return html`<fen-missing-page .heading=${pageName(this.navigation.value, locale, this.labelOf)} .why=${why} .locale=${locale}></fen-missing-page>`;
  }

  /** The page of this address where its script is still on its way. */
  private get awaited(): LatePage | undefined {
    return this.latePages.awaited(this.navigation.value);
  }

  private get said(): AlarmSpeech {
    if (!this.speech) throw new Error('rendered before willUpdate');
    return this.speech;
  }

  /** The one of so many that are offered here. */
  private showWindow(index: number): void {
    const windowMs = WINDOWS_MS[index];
    if (this.lookingPage) this.lookingPage.showSpan(index);
    else if (windowMs !== undefined) this.preferences.choose({ windowMs });
  }

  /** The page that shows a channel, where it is shown. */
  private get lookingPage(): FenChannelPage | undefined {
    const { page } = this;
    return page.localName === 'fen-channel-page' ? (page as FenChannelPage) : undefined;
  }

  private toggleFreeze(): void {
    const { fleet } = this.live;
    if (fleet.value.isFrozen) fleet.goLive();
    else if (!this.lookingPage?.pastRange) fleet.freeze();
    this.lookingPage?.goLive();
  }

  private choose({ key, chosen }: ChoiceEvent): void {
    this.preferences.choose({ [key]: chosen } as Partial<Choices>);
  }

  private readonly openSettings = (): void => {
    void customElements.whenDefined('fen-settings').then(() => this.settings.open());
  };

  private act(event: KeyboardEvent): void {
    const { hasKeys } = this.preferences.value;
    if (!hasKeys || this.settings.isOpen === true || this.acting.person.value.want || this.watch.isAsking) return;
    const shortcut = this.shortcuts.read(event);
    if (!shortcut) return;
    event.preventDefault();
    switch (shortcut.kind) {
      case 'freeze':
        this.toggleFreeze();
        break;
      case 'window':
        this.showWindow(shortcut.index);
        break;
      case 'page':
        this.navigation.go(shortcut.path);
        break;
      case 'help':
        this.openSettings();
        break;
      case 'capture':
        this.captureHere();
        break;
      case 'urgent':
        this.watch.focus();
        break;
      case 'alarms':
        if (this.page.localName === 'fen-control-page') void this.page.focusOn?.(ALARM_LIST);
        else this.navigation.go('/', ALARM_LIST);
        break;
      case 'neighbour': {
        const route = this.navigation.value;
        const name = route.kind === 'channel' ? neighbourOf(route.name, this.live.fleet, shortcut.step) : undefined;
        if (name !== undefined) this.navigation.go(channelPath(name) + timeOfAddress(location.search));
      }
    }
  }

  /** Keeps the raw samples around now, or of what is chosen or of the past that is shown, of the channel whose page this is or whose tile has the focus. */
  private captureHere(): void {
    const route = this.navigation.value;
    const name = route.kind === 'channel' ? route.name : route.kind === 'control' ? this.page.focusKey : undefined;
    if (name === undefined || !this.live.fleet.find(name)) return;
    void this.acting.captureDesk.ask(captureRequest(name, this.lookingPage?.looking.captureRange));
  }

  private readonly labelOf = (name: string): string =>
    this.live.fleet.find(name)?.value.channel.label ?? toPlainText(name);

  private get page(): Placed {
    return this.main.firstElementChild as Placed;
  }

  /** After a change of page: where the reader was on it, else at its title, where a screen reader starts. */
  private enterFrom(left: Route): void {
    const { place } = this.navigation;
    const focus = place?.focus ?? (left.kind === 'channel' ? left.name : undefined);
    void enter(this.page, place && { ...place, focus });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-app': FenApp;
  }
}
