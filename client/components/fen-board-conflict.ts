import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Board, BoardReply } from '../../server/wire/boards.ts';
import { BOARD_TEXTS } from '../locale/board-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { boardDifferences } from '../store/board-draft.ts';
import { shared } from '../styles/shared.ts';

/** Somebody chose between what another person saved and their own draft. */
export class SettleEvent extends Event {
  readonly takes: 'theirs' | 'mine';

  constructor(takes: SettleEvent['takes']) {
    super('fen-settle');
    this.takes = takes;
  }
}

/** Says what somebody else saved meanwhile, and asks what becomes of the draft. Fires `fen-settle`. */
@customElement('fen-board-conflict')
export class FenBoardConflict extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: calc(var(--unit) * 2);
        padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5);
        border: calc(var(--hair) * 2) solid var(--ink);
        border-radius: var(--radius);
      }
      dl > div {
        display: grid;
        grid-template-columns: minmax(6em, max-content) minmax(0, 1fr);
        gap: calc(var(--unit) * 3);
        overflow-wrap: anywhere;
      }
      dt {
        color: var(--ink-2);
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: calc(var(--unit) * 2);
      }
    `,
  ];

  /** What the draft began with. */
  @property({ attribute: false }) base!: Board;
  /** What is there now; undefined where it was removed. */
  @property({ attribute: false }) current?: BoardReply;
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { current, locale } = this;
    const text = BOARD_TEXTS[locale.language];
    const said = current
      ? text.conflict(toPlainText(current.by ?? 'Fenestra'), locale.moment(current.atMs ?? 0))
      : text.conflictRemoved;
    return html`
      <p role="alert">${said}</p>
      ${current ? this.renderTheirs(current.board) : nothing}
      <div class="ways">
        <button @click=${() => this.dispatchEvent(new SettleEvent('theirs'))}>${text.takeTheirs}</button>
        <button @click=${() => this.dispatchEvent(new SettleEvent('mine'))}>${text.keepMine}</button>
      </div>
    `;
  }

  private renderTheirs(board: Board) {
    const { locale, base } = this;
    const text = BOARD_TEXTS[locale.language];
    const { screen } = board;
    const said: Readonly<Record<keyof Board, [name: string, value: string]>> = {
      name: [text.name, toPlainText(board.name)],
      screen: [text.size, text.screen(String(screen.diagonal), String(screen.distance))],
      pausesOnCritical: [text.pauses, board.pausesOnCritical ? text.yes : text.no],
      slides: [
        text.slides,
        board.slides.map(({ kind, dwellSeconds }) => text.slide(text.kinds[kind], String(dwellSeconds))).join(', '),
      ],
    };
    return html`
      <p>${text.theirs}</p>
      <dl>${boardDifferences(base, board).map((field) => html`<div><dt>${said[field][0]}</dt><dd>${said[field][1]}</dd></div>`)}</dl>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-board-conflict': FenBoardConflict;
  }
}
