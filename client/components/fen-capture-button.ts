import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CaptureRequest } from '../../server/wire/captures.ts';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';

/** Somebody wants raw samples kept. */
export class CaptureAskEvent extends Event {
  readonly request: CaptureRequest;

  constructor(request: CaptureRequest) {
    super('fen-capture-ask', { bubbles: true, composed: true });
    this.request = request;
  }
}

/**
 * Keeps the raw samples of a channel: those around now, or of a range that is
 * on the screen. Fires `fen-capture-ask`, which the page around all pages
 * answers, so that it may stand anywhere.
 */
@customElement('fen-capture-button')
export class FenCaptureButton extends LitElement {
  static override styles = [shared];

  /** The channel's name. */
  @property({ attribute: false }) channel = '';
  /** Sample clock, ms since 1970 UTC; around now where undefined. */
  @property({ attribute: false }) range?: { readonly fromMs: number; readonly toMs: number };
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { text } = this.locale;
    return html`<button @click=${this.ask}>${this.range ? text.captureRange : text.captureNow}</button>`;
  }

  private ask(): void {
    const { channel, range } = this;
    this.dispatchEvent(new CaptureAskEvent({ channel, ...range }));
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
