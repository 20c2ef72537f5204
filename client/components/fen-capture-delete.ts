import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';

/**
 * Deletes a recording in two steps: the first only asks, and puts the reader's
 * hand on the way out. Fires `fen-capture-delete` at the second; `why` says
 * what came of it where it is still there.
 */
@customElement('fen-capture-delete')
export class FenCaptureDelete extends LitElement {
  static override styles = [
    shared,
    css`
      :host,
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--unit) * 1.5);
      }
      p {
        color: var(--ink);
      }
    `,
  ];

  /** Says what goes. */
  @property({ attribute: false }) question = '';
  /** Why it was not deleted. */
  @property({ attribute: false }) why?: string;
  @property({ attribute: false }) locale!: Locale;

  @state() private isAsking = false;
  @query('.first') private readonly first?: HTMLElement;
  @query('.keep') private readonly keepButton?: HTMLElement;

  override render() {
    const { text } = this.locale;
    return html`
      ${this.isAsking ? this.renderQuestion() : html`<button class="first" @click=${this.ask}>${text.deleteCapture}</button>`}
      <p role="status">${this.why === undefined ? '' : text.captureNotDeleted(this.why)}</p>
    `;
  }

  private renderQuestion() {
    const { question } = this;
    const { text } = this.locale;
    return html`
      <div role="group" aria-label=${question} @keydown=${this.leaveByKey}>
        <p>${question}</p>
        <button class="keep" @click=${this.keep}>${text.keepCapture}</button>
        <button @click=${this.confirm}>${text.deleteForGood}</button>
      </div>
    `;
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    await this.updateComplete;
    this.keepButton?.focus();
  }

  private async keep(): Promise<void> {
    this.isAsking = false;
    await this.updateComplete;
    this.first?.focus();
  }

  private leaveByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    void this.keep();
  }

  private confirm(): void {
    void this.keep();
    this.dispatchEvent(new Event('fen-capture-delete'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-capture-delete': FenCaptureDelete;
  }
}
