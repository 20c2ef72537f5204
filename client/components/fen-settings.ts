import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { KeyTexts } from '../locale/en-keys.ts';
import { KEY_TEXTS } from '../locale/key-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { dialogStyle } from '../styles/dialog.ts';
import { shared } from '../styles/shared.ts';
import { ChoiceEvent } from './choice-event.ts';

/** A length to say, as a number with its unit. */
export interface Measure {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly range: readonly [least: number, most: number];
  readonly step: number;
}

/** One thing to choose, by radio buttons, and what it takes to apply it. */
export interface Choice {
  readonly key: string;
  readonly heading: string;
  readonly chosen: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly measures?: readonly Measure[];
}

/** The dialog with what a reader can choose, what is put into it, and the keys there are. Fires `fen-choice`, and `fen-open` when it opens. */
@customElement('fen-settings')
export class FenSettings extends LitElement {
  static override styles = [
    shared,
    dialogStyle,
    css`
      dialog {
        width: min(44em, calc(100vw - var(--gutter) * 2));
      }
      .top {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-bottom: calc(var(--unit) * 3);
      }
      h3 {
        margin: calc(var(--unit) * 5) 0 calc(var(--unit) * 2);
        color: var(--ink-2);
        font-size: var(--text-small);
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 calc(var(--unit) * 6);
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        float: left;
        padding: 0;
        width: 7em;
        color: var(--ink-2);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: calc(var(--unit) * 2);
        min-height: var(--target);
        cursor: pointer;
      }
      input {
        font: inherit;
        width: 1.2em;
        height: 1.2em;
        margin: 0;
        accent-color: var(--ink);
      }
      .measure {
        display: var(--measures);
        flex-basis: 40%;
        color: var(--ink-2);
      }
      [type="number"] {
        width: 5em;
        height: auto;
        min-height: calc(var(--target) - var(--unit));
        padding: 0 calc(var(--unit) * 2);
        text-align: right;
        color: var(--ink);
        background: var(--ground);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      dl > div {
        display: flex;
        justify-content: space-between;
        gap: calc(var(--unit) * 4);
        padding: calc(var(--unit) * 1.5) 0;
        border-top: var(--hair) solid var(--line);
      }
      dt {
        order: 2;
        color: var(--ink-2);
        white-space: nowrap;
      }
      @media (max-width: 699px) {
        dialog {
          padding: 0 calc(var(--unit) * 4) calc(var(--unit) * 4);
        }
        /* Stays in sight while the rest is scrolled. */
        .top {
          position: sticky;
          top: 0;
          z-index: 1;
          margin: 0;
          padding: calc(var(--unit) * 3) 0;
          background: var(--panel);
        }
        fieldset {
          padding: calc(var(--unit) * 3) 0 var(--unit);
          border-top: var(--hair) solid var(--line);
        }
        legend {
          width: 100%;
          font-size: var(--text-small);
          font-weight: var(--weight-strong);
        }
        h3 {
          margin: 0;
          padding-top: calc(var(--unit) * 3);
          border-top: var(--hair) solid var(--line);
        }
      }
      /* Where there is no mouse there are hardly keys. */
      @media not (hover: hover) {
        .keys {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) locale!: Locale;
  @property({ attribute: false }) choices: readonly Choice[] = [];
  @property({ attribute: false }) hasKeys = true;

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  get isOpen(): boolean {
    return this.dialog.open;
  }

  open(): void {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.dispatchEvent(new Event('fen-open'));
  }

  override render() {
    const { text } = this.locale;
    return html`
      <dialog aria-labelledby="title">
        <div class="top">
          <h2 id="title">${text.settings}</h2>
          <button @click=${() => this.dialog.close()}>${text.close}</button>
        </div>
        ${this.choices.map((choice) => this.renderChoice(choice))}
        <slot></slot>
        ${this.renderKeys()}
      </dialog>
    `;
  }

  private renderChoice({ key, heading, chosen, options, measures = [] }: Choice) {
    return html`
      <fieldset>
        <legend>${heading}</legend>
        ${options.map(
          ([value, label]) => html`
            <label>
              <input
                type="radio"
                name=${key}
                .checked=${value === chosen}
                @change=${() => this.dispatchEvent(new ChoiceEvent(key, value))}
              />
              ${label}
            </label>
          `,
        )}
        ${measures.map((measure) => this.renderMeasure(measure))}
      </fieldset>
    `;
  }

  private renderMeasure({ key, label, unit, value, range: [least, most], step }: Measure) {
    return html`
      <label class="measure">
        ${label}
        <input
          type="number"
          min=${least}
          max=${most}
          step=${step}
          .value=${live(String(value))}
          @change=${(event: Event) => this.takeMeasure(key, event.target as HTMLInputElement)}
        />
        ${unit}
      </label>
    `;
  }

  private renderKeys() {
    const text = KEY_TEXTS[this.locale.language];
    return html`
      <section class="keys">
        <h3>${text.keys}</h3>
        <label>
          <input type="checkbox" .checked=${this.hasKeys} @change=${this.toggleKeys} />
          ${text.useKeys}
        </label>
        <dl>${this.keys(text).map(([what, keys]) => html`<div><dt>${keys}</dt><dd>${what}</dd></div>`)}</dl>
      </section>
    `;
  }

  private keys(text: KeyTexts) {
    const goTo = (letter: string) => html`<kbd>g</kbd> ${text.followedBy} <kbd>${letter}</kbd>`;
    return [
      [text.keyFreeze, html`<kbd>${text.space}</kbd>`],
      [text.keyWindow, html`<kbd>1</kbd> … <kbd>8</kbd>`],
      [text.keyTiles, html`<kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> <kbd>Home</kbd> <kbd>End</kbd>`],
      [text.keyOpen, html`<kbd>${text.enter}</kbd>`],
      [text.keyAlarmMove, html`<kbd>↑</kbd> <kbd>↓</kbd> <kbd>Home</kbd> <kbd>End</kbd>`],
      [text.keyAlarmSelect, html`<kbd>${text.space}</kbd> <kbd>Shift</kbd> <kbd>${text.space}</kbd>`],
      [text.keyAlarmOpen, html`<kbd>${text.enter}</kbd>`],
      [text.keyAlarmActs, html`<kbd>a</kbd> <kbd>r</kbd> <kbd>c</kbd>`],
      [text.keyAlarmShelve, html`<kbd>s</kbd> <kbd>u</kbd>`],
      [text.keyAlarmService, html`<kbd>o</kbd> <kbd>i</kbd>`],
      [text.keyAlarmLeave, html`<kbd>Esc</kbd>`],
      [text.keyNeighbour, html`<kbd>[</kbd> <kbd>]</kbd>`],
      [text.keyPan, html`<kbd>←</kbd> <kbd>→</kbd>`],
      [text.keyZoom, html`<kbd>+</kbd> <kbd>−</kbd>`],
      [text.keyEnds, html`<kbd>Home</kbd> <kbd>End</kbd>`],
      [text.keyCursor, html`<kbd>Shift</kbd> <kbd>←</kbd> <kbd>→</kbd>`],
      [text.keySelect, html`<kbd>Shift</kbd> ${text.drag}`],
      [text.keyMark, html`<kbd>a</kbd> … <kbd>b</kbd>`],
      [text.keyCapture, html`<kbd>c</kbd>`],
      [text.keyControl, goTo('c')],
      [text.keyAlarmsUrgent, html`${goTo('u')} <kbd>a</kbd>`],
      [text.keyAlarmList, goTo('l')],
      [text.keyCaptures, goTo('r')],
      [text.keyModels, goTo('m')],
      [text.keyJournal, goTo('j')],
      [text.keyFigures, goTo('k')],
      [this.locale.text.alarmSettings, goTo('d')],
      [text.keySystem, goTo('s')],
      [text.keyHelp, html`<kbd>?</kbd>`],
    ] as const;
  }

  /** What is out of range, or no number, is put back. */
  private takeMeasure(key: string, input: HTMLInputElement): void {
    if (input.validity.valid && input.value !== '') this.dispatchEvent(new ChoiceEvent(key, input.valueAsNumber));
    this.requestUpdate();
  }

  private toggleKeys(event: Event): void {
    this.dispatchEvent(new ChoiceEvent('hasKeys', (event.target as HTMLInputElement).checked));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-settings': FenSettings;
  }
}
