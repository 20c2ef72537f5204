import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { shared } from '../styles/shared.ts';

/** What stands on the buttons, and what is asked between them. */
export interface ConfirmWords {
  readonly first: string;
  /** Says what goes. */
  readonly question: string;
  readonly stay: string;
  readonly go: string;
}

/**
 * Does something grave in two steps: the first only asks, and puts the reader's
 * hand on the way out. Fires `fen-confirm` at the second; `why` says what came
 * of it where it was not done.
 */
@customElement('fen-confirm')
export class FenConfirm extends LitElement {
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

  @property({ attribute: false }) words!: ConfirmWords;
  /** Why it was not done. */
  @property({ attribute: false }) why = '';

  @state() private isAsking = false;
  @query('.first') private readonly first?: HTMLElement;
  @query('.stay') private readonly stayButton?: HTMLElement;

  override render() {
    const { words } = this;
    return html`
      ${this.isAsking ? this.renderQuestion() : html`<button class="first" @click=${this.ask}>${words.first}</button>`}
      <p role="status">${this.why}</p>
    `;
  }

  private renderQuestion() {
    const { question, stay, go } = this.words;
    return html`
      <div role="group" aria-label=${question} @keydown=${this.leaveByKey}>
        <p>${question}</p>
        <button class="stay" @click=${this.stay}>${stay}</button>
        <button @click=${this.confirm}>${go}</button>
      </div>
    `;
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    await this.updateComplete;
    this.stayButton?.focus();
  }

  private async stay(): Promise<void> {
    this.isAsking = false;
    await this.updateComplete;
    this.first?.focus();
  }

  private leaveByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    void this.stay();
  }

  private confirm(): void {
    void this.stay();
    this.dispatchEvent(new Event('fen-confirm'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-confirm': FenConfirm;
  }
}
