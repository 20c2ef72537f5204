import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { CaptureDesk, CaptureNews } from '../store/capture-desk.ts';
import { StoreController } from '../store/store-controller.ts';
import { noticeStyle } from '../styles/notice.ts';
import { shared } from '../styles/shared.ts';
import { captureHref, type Route } from './route.ts';

// Good news goes by itself; what failed stays until it was read.
const SHOWN_MS = 12_000;

/** What became of the newest wish for a recording, with the way to it. Stands at the foot of the screen and moves nothing. */
@customElement('fen-capture-notice')
export class FenCaptureNotice extends LitElement {
  static override styles = [
    shared,
    noticeStyle,
    css`
      :host {
        right: var(--gutter);
      }
    `,
  ];

  @property({ attribute: false }) desk!: CaptureDesk;
  /** Which page is shown: of a capture that is open there is nothing more to say. */
  @property({ attribute: false }) route!: Route;
  /** What a channel is called. */
  @property({ attribute: false }) labelOf: (channel: string) => string = (channel) => channel;
  @property({ attribute: false }) locale!: Locale;

  private timer?: ReturnType<typeof setTimeout>;
  private shown?: CaptureNews;

  constructor() {
    super();
    new StoreController(this, () => this.desk);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override updated(_: PropertyValues<this>): void {
    const news = this.desk.value;
    if (news?.kind === 'answered' && this.route.kind === 'capture' && this.route.id === news.capture.id) {
      this.desk.dismiss();
      return;
    }
    if (news === this.shown) return;
    this.shown = news;
    clearTimeout(this.timer);
    if (news?.kind === 'answered' && isGood(news)) this.timer = setTimeout(() => this.leave(news), SHOWN_MS);
  }

  override render() {
    const news = this.desk.value;
    // The element with the role stays, so that what appears in it is read out.
    return html`<div role="status">${news ? html`<div class="news">${this.renderNews(news)}</div>` : nothing}</div>`;
  }

  private renderNews(news: CaptureNews) {
    const { text } = this.locale;
    switch (news.kind) {
      case 'asking':
        return html`<p>${text.capturing(this.label(news.channel))}</p>`;
      case 'failed':
        return html`<p><b>${text.captureFailed(this.label(news.channel))}</b> <span class="why">${toPlainText(news.why)}</span></p>${this.renderClose()}`;
      case 'answered': {
        const { id, channel, note } = news.capture;
        const words = isGood(news) ? text.captured : text.captureFailed;
        return html`
          <p><b>${words(this.label(channel))}</b> ${note === undefined ? nothing : html`<span class="why">${toPlainText(note)}</span>`}</p>
          ${isGood(news) ? html`<a class="button" href=${captureHref(id)}>${text.openCapture}</a>` : nothing}
          ${this.renderClose()}
        `;
      }
    }
  }

  private renderClose() {
    return html`<button aria-label=${this.locale.text.close} @click=${() => this.desk.dismiss()}><span aria-hidden="true">✕</span></button>`;
  }

  private label(channel: string): string {
    return this.labelOf(channel);
  }

  /** Not under the reader's hand. */
  private leave(news: CaptureNews): void {
    if (this.desk.value !== news) return;
    if (this.matches(':hover, :focus-within')) this.timer = setTimeout(() => this.leave(news), SHOWN_MS);
    else this.desk.dismiss();
  }
}

function isGood({ capture }: Extract<CaptureNews, { kind: 'answered' }>): boolean {
  return capture.state === 'recording' || capture.state === 'ready';
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-capture-notice': FenCaptureNotice;
  }
}
