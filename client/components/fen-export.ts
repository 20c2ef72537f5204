import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';
import './fen-menu.ts';

/** What of the view is asked for as a file. */
export type ExportKind = 'image' | 'csv';

/** Somebody wants the view as a file. */
export class ExportEvent extends Event {
  readonly kind: ExportKind;

  constructor(kind: ExportKind) {
    super('fen-export', { bubbles: true, composed: true });
    this.kind = kind;
  }
}

/** A link to a file that the server makes. */
export interface ExportLink {
  readonly label: string;
  readonly href: string;
}

/** What can be taken along of what is seen. Fires `fen-export`. */
@customElement('fen-export')
export class FenExport extends LitElement {
  static override styles = [
    shared,
    css`
      .choices {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: calc(var(--unit) * 1.5);
      }
      .choices > * {
        display: block;
        min-width: 0;
        line-height: calc(var(--target) - var(--hair) * 2);
        text-align: left;
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  /** Points of each channel shown, as the server gives them. */
  @property({ attribute: false }) arrow: readonly ExportLink[] = [];
  /** Diagnoses of each channel shown that has any, as the server gives them. */
  @property({ attribute: false }) diagnoses: readonly ExportLink[] = [];
  /** Where the raw recordings of this time are. */
  @property({ attribute: false }) captures = '';
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { text } = this.locale;
    return html`
      <fen-menu .label=${text.exportView}>
        <div class="choices">
          <button @click=${() => this.ask('image')}>${text.asImage}</button>
          <button @click=${() => this.ask('csv')}>${text.asCsv}</button>
          ${this.renderLinks(this.arrow, text.asArrow)} ${this.renderLinks(this.diagnoses, text.diagnosesAsCsv)}
          <a class="button" href=${this.captures}>${text.rawCaptures}</a>
        </div>
      </fen-menu>
    `;
  }

  private renderLinks(links: readonly ExportLink[], name: string) {
    const isAlone = this.arrow.length === 1; // channel
    return links.map(
      ({ label, href }) =>
        html`<a class="button" href=${href} download target="_blank">${name}${isAlone ? '' : ` · ${label}`}</a>`,
    );
  }

  private ask(kind: ExportKind): void {
    this.dispatchEvent(new ExportEvent(kind));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-export': FenExport;
  }
  interface HTMLElementEventMap {
    'fen-export': ExportEvent;
  }
}
