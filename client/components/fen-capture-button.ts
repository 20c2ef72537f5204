import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CaptureRequest } from '../../server/wire/captures.ts';
import type { Locale } from '../locale/locale.ts';
import { browserFetch, type Fetch } from '../net/request.ts';
import { ringSeconds } from '../net/ring-seconds.ts';
import { shared } from '../styles/shared.ts';

/** Somebody wants raw samples kept. */
export class CaptureAskEvent extends Event {
  readonly request: CaptureRequest;

  constructor(request: CaptureRequest) {
    super('fen-capture-ask', { bubbles: true, composed: true });
    this.request = request;
  }
}

/** Around now, or of a range of the sample clock, ms since 1970 UTC; of a view, nothing else that it says. */
export function captureRequest(
  channel: string,
  range?: { readonly fromMs: number; readonly toMs: number },
): CaptureRequest {
  return range ? { channel, fromMs: range.fromMs, toMs: range.toMs } : { channel };
}

/**
 * Keeps the raw samples of a channel: those around now, or of a range that is
 * on the screen and that the server can still have; `quiet` on a tile, `plain`
 * in a row of a table. Fires `fen-capture-ask`,
 * which the page around all pages answers, so that it may stand anywhere.
 */
@customElement('fen-capture-button')
export class FenCaptureButton extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        justify-content: end;
        gap: calc(var(--unit) * 2);
      }
      small {
        font-size: var(--text-small);
        line-height: 1.2;
        text-align: right;
        color: var(--ink-2);
      }
      button {
        flex: none;
      }
      :host([quiet]) button {
        font-size: var(--text-small);
      }
      :host([plain]) {
        display: inline-flex;
      }
      :host([plain]) small {
        display: none;
      }
      :host([plain]) button {
        min-height: 0;
        padding: 0;
        font-size: var(--text-small);
        font-weight: var(--weight);
        color: var(--ink-2);
        background: none;
        border: 0;
        text-decoration: underline;
        text-underline-offset: 0.3em;
      }
      @media (pointer: coarse) {
        :host([plain]) button {
          min-height: var(--target);
        }
      }
      @media (hover: none) {
        :host([quiet]) button {
          font-weight: var(--weight);
          color: var(--ink-2);
          background: none;
          border-color: transparent;
          text-decoration: underline;
          text-underline-offset: 0.3em;
        }
      }
    `,
  ];

  /** The channel's name. */
  @property({ attribute: false }) channel = '';
  /** What the channel is called, for those who do not see beside what the button stands; not where it stands alone. */
  @property({ attribute: false }) label = '';
  /** Sample clock, ms since 1970 UTC; around now where undefined. */
  @property({ attribute: false }) range?: { readonly fromMs: number; readonly toMs: number };
  /** By the same clock. */
  @property({ attribute: false }) nowMs?: number;
  @property({ attribute: false }) locale!: Locale;
  /** The browser's own, unless told otherwise. */
  @property({ attribute: false }) fetch: Fetch = browserFetch;

  /** How long raw samples stay; while nobody has said, the server is asked for whatever is wanted. */
  @state() private keptMs?: number;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isBack = changed.has('range') && changed.get('range') === undefined;
    if (this.range && (isBack || changed.has('channel'))) void this.look(this.channel);
  }

  override render() {
    const { range, nowMs, keptMs } = this;
    const { text } = this.locale;
    const name = this.label === '' ? nothing : `${range ? text.captureRange : text.captureNow}: ${this.label}`;
    if (!range) {
      return html`<button aria-label=${name} @click=${this.ask}>${text.captureNow}</button>`;
    }
    const isGone = nowMs !== undefined && keptMs !== undefined && range.toMs < nowMs - keptMs;
    return html`
      ${isGone ? html`<small id="why">${text.captureRangeGone(this.locale.delay(keptMs))}</small>` : nothing}
      <button aria-label=${name} ?disabled=${isGone} aria-describedby=${isGone ? 'why' : nothing} @click=${this.ask}>${text.captureRange}</button>
    `;
  }

  /** What is kept may have changed since the reader was in the past last: many channels keep less each. */
  private async look(channel: string): Promise<void> {
    this.keptMs = undefined;
    const seconds = await ringSeconds(this.fetch, channel).catch(() => undefined); // the server says it, then, when it is asked
    if (channel === this.channel) this.keptMs = seconds === undefined ? undefined : seconds * 1000;
  }

  private ask(): void {
    this.dispatchEvent(new CaptureAskEvent(captureRequest(this.channel, this.range)));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-capture-button': FenCaptureButton;
  }
  interface HTMLElementEventMap {
    'fen-capture-ask': CaptureAskEvent;
  }
}
