import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';

/** A name and what it comes to, written with its unit. */
export type Figure = readonly [name: string, written: string];

/** A panel of figures under a title. Stale ones are struck. */
@customElement('fen-figures')
export class FenFigures extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      h2 {
        display: flex;
        justify-content: space-between;
      }
      small {
        font-size: inherit;
        font-weight: var(--weight);
      }
      /* Where it is made lower than its figures, the last ones go beside it, out of sight: none is cut. */
      dl {
        display: flex;
        flex-flow: column wrap;
        min-height: 0;
        overflow: hidden;
        padding: calc(var(--unit) * 2) 0 calc(var(--unit) * 3);
      }
      dl > div {
        width: 100%;
        display: flex;
        justify-content: space-between;
        gap: calc(var(--unit) * 4);
        padding: var(--figure-gap) calc(var(--unit) * 3.5);
      }
      dt {
        color: var(--ink-2);
        overflow-wrap: normal; /* the figure gives way, not a name in the middle of a word */
      }
      dd {
        min-width: 0;
        font-weight: var(--weight-strong);
        text-align: right;
      }
    `,
  ];

  @property({ attribute: false }) heading = '';
  /** Said beside the title, such as the span of time the figures are of. */
  @property({ attribute: false }) note = '';
  @property({ attribute: false }) figures: readonly Figure[] = [];
  @property({ type: Boolean }) stale = false;

  override render() {
    return html`
      <h2><span>${this.heading}</span> <small>${this.note}</small></h2>
      <dl class=${this.stale ? 'stale' : ''}>
        ${this.figures.map(([name, written]) => html`<div><dt>${name}</dt><dd>${written}</dd></div>`)}
      </dl>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-figures': FenFigures;
  }
}
