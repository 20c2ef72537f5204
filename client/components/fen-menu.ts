import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { shared } from '../styles/shared.ts';

/** A button that opens a small panel over the page: what is in the slot. Escape and a press elsewhere close it. */
@customElement('fen-menu')
export class FenMenu extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        position: relative;
        display: block;
      }
      .panel {
        position: absolute;
        inset: auto;
        margin: 0;
        top: calc(var(--target) + var(--unit));
        right: 0;
        z-index: 3;
        width: max-content;
        min-width: 14em;
        max-width: min(30em, 100vw - var(--gutter) * 2);
        max-height: 60vh;
        overflow: auto;
        padding: calc(var(--unit) * 3);
        color: var(--ink);
        background: var(--panel);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      @media (max-width: 699px) {
        :host {
          position: static;
          flex: 1;
        }
        summary.button {
          width: 100%;
        }
        .panel {
          position: fixed;
          inset: auto var(--gutter) var(--gutter);
          top: auto;
          width: auto;
        }
      }
      summary {
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
    `,
  ];

  @property({ attribute: false }) label = '';
  @query('details') private readonly details!: HTMLDetailsElement;
  @query('summary') private readonly summary!: HTMLElement;
  private readonly onPress = (event: Event) => {
    if (!event.composedPath().includes(this)) this.details.open = false;
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('pointerdown', this.onPress);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('pointerdown', this.onPress);
  }

  override render() {
    return html`
      <details @keydown=${this.press}>
        <summary class="button">${this.label} <span aria-hidden="true">▾</span></summary>
        <div class="panel"><slot></slot></div>
      </details>
    `;
  }

  private press(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.details.open) return;
    this.details.open = false;
    this.summary.focus();
    event.stopPropagation();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-menu': FenMenu;
  }
}
