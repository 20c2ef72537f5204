import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { CaptureReply } from '../../server/wire/captures.ts';
import '../components/fen-confirm.ts';
import '../components/fen-figures.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { type CaptureClient, downloadPath } from '../net/captures.ts';
import { browserFetch, type Fetch, RefusedError } from '../net/request.ts';
import { shared } from '../styles/shared.ts';
import { type CaptureViewing, openCapture } from '../waveform/capture-viewing.ts';
import { aboutCapture } from './capture-figures.ts';
import { instantWords, labelOf } from './capture-words.ts';
import './fen-capture-view.ts';
import './fen-missing-page.ts';

// A recording under way is asked for again, as is one that the server did not tell of.
const AGAIN_MS = 1000;
const DOWNLOADS = [
  ['sigmf', 'SigMF'],
  ['wav', 'WAV'],
  ['npy', 'NPY'],
] as const;

/** `/captures/:id`: one raw recording, from all of it to single samples. */
@customElement('fen-capture-page')
export class FenCapturePage extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr) auto;
        height: 100%;
        padding: calc(var(--unit) * 2) var(--gutter) var(--gutter);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--unit) * 2) calc(var(--unit) * 3);
        padding-bottom: calc(var(--unit) * 2);
      }
      h1 {
        min-width: 0;
        font-size: var(--text-title);
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .when {
        flex: 1 1 auto;
        color: var(--ink-2);
      }
      .note,
      fen-capture-view,
      fen-missing-page {
        grid-column: 1 / -1;
      }
      .saves,
      .downloads {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--unit) * 1.5);
        color: var(--ink-2);
      }
      .saves {
        align-self: start;
      }
      .note {
        padding-bottom: calc(var(--unit) * 2);
        font-weight: var(--weight-strong);
      }
      .note:empty {
        padding: 0;
      }
      fen-figures {
        align-self: start;
        width: min(100%, 40em);
      }
      @media (max-width: 899px) {
        :host {
          display: flex;
          flex-direction: column;
          height: auto;
        }
        .saves {
          order: 1;
          align-self: center;
          padding-top: var(--gap);
        }
      }
    `,
  ];

  @property({ attribute: false }) identifier = '';
  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) captures!: CaptureClient;
  @property({ attribute: false }) kernels!: WebAssembly.Module;
  @property({ attribute: false }) locale!: Locale;
  /** The browser's own, unless told otherwise. */
  @property({ attribute: false }) fetch: Fetch = browserFetch;

  @state() private capture?: CaptureReply;
  @state() private failure?: string;
  @state() private isUnknown = false;
  @state() private notDeleted?: string;
  @query('a.back') private readonly back?: HTMLElement;
  private viewing?: CaptureViewing;
  private abort?: AbortController;
  private timer?: ReturnType<typeof setTimeout>;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.forget();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('identifier')) return;
    this.forget();
    this.capture = this.failure = this.notDeleted = undefined;
    this.isUnknown = false;
    this.ask();
  }

  override render() {
    const { locale, capture, viewing } = this;
    const { text } = locale;
    if (this.isUnknown) {
      return html`<fen-missing-page .heading=${text.unknownCapture} .why=${text.unknownCaptureWhy} .locale=${locale}></fen-missing-page>`;
    }
    return html`
      <header>
        <a class="button back" href="/captures" aria-label=${text.toCaptures}><span aria-hidden="true">←</span></a>
        <h1 tabindex="-1">${capture ? labelOf(capture) : text.captures}</h1>
        <span class="when">${capture ? instantWords(capture.triggerMs, locale) : nothing} ${capture ? locale.zone(capture.triggerMs) : nothing}</span>
      </header>
      ${capture ? this.renderSaves(capture) : nothing}
      <p class="note" role="status">${this.news()}</p>
      ${capture && !viewing ? html`<fen-figures .heading=${text.capture} .figures=${aboutCapture(capture, locale)}></fen-figures>` : nothing}
      ${viewing ? html`<fen-capture-view .viewing=${viewing} .query=${this.query} .locale=${locale}></fen-capture-view>` : nothing}
    `;
  }

  private renderSaves({ state, bytes }: CaptureReply) {
    const { locale } = this;
    const { text } = locale;
    return html`
      <div class="saves">
        ${this.viewing ? this.renderDownloads() : nothing}
        <fen-confirm
          .words=${{
            first: text.deleteCapture,
            question:
              state === 'recording'
                ? text.stopRecording
                : bytes > 0
                  ? text.deleteSamples(locale.bytes(bytes))
                  : text.deleteEntry,
            stay: text.keepCapture,
            go: text.deleteForGood,
          }}
          .why=${this.notDeleted === undefined ? '' : text.captureNotDeleted(this.notDeleted)}
          @fen-confirm=${this.delete}
        ></fen-confirm>
      </div>
    `;
  }

  private renderDownloads() {
    return html`
      <div class="downloads" role="group" aria-labelledby="save">
        <span id="save">${this.locale.text.save}</span>
        ${DOWNLOADS.map(([as, name]) => html`<a class="button" download href=${downloadPath(this.identifier, as)}>${name}</a>`)}
      </div>
    `;
  }

  /** What is to be said of it before it is looked at. */
  private news(): string {
    const { capture, failure, locale } = this;
    const { text } = locale;
    if (!capture) return failure === undefined ? text.pageLoading : text.captureNotLoaded(failure);
    const note = capture.note === undefined ? '' : toPlainText(capture.note);
    switch (capture.state) {
      case 'recording':
        return text.captureUnderWay;
      case 'refused':
        return text.captureRefused(note);
      case 'failed':
        return text.captureFailedBecause(note);
      case 'ready':
        return failure ?? note;
    }
  }

  private ask(): void {
    const abort = new AbortController();
    this.abort = abort;
    this.captures.one(this.identifier, abort.signal).then(
      (capture) => abort.signal.aborted || this.take(capture),
      (error: unknown) => abort.signal.aborted || this.miss(error),
    );
  }

  private take(capture: CaptureReply): void {
    this.capture = capture;
    this.failure = undefined;
    if (capture.state === 'recording') this.timer = setTimeout(() => this.ask(), AGAIN_MS);
    if (capture.state !== 'ready' || capture.samples === 0) return;
    try {
      this.viewing = openCapture(capture, { fetch: this.fetch, kernels: this.kernels });
    } catch (error) {
      this.failure = String(error);
    }
  }

  private miss(error: unknown): void {
    this.isUnknown = error instanceof RefusedError && error.code === 'CAPTURE_UNKNOWN';
    if (this.isUnknown) return;
    this.failure = error instanceof Error ? error.message : String(error);
    this.timer = setTimeout(() => this.ask(), AGAIN_MS);
  }

  /** And goes back to the list, as by the link there. */
  private delete(): void {
    this.notDeleted = undefined;
    const isUnderWay = this.capture?.state === 'recording';
    if (isUnderWay) this.forget(); // or it would be asked for when it is gone
    this.captures.remove(this.identifier).then(
      () => this.back?.click(),
      (error: unknown) => {
        this.notDeleted = toPlainText(error instanceof Error ? error.message : String(error));
        if (isUnderWay) this.ask();
      },
    );
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.abort?.abort();
    this.viewing?.close();
    this.viewing = undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-capture-page': FenCapturePage;
  }
}
