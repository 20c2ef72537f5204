import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template: auto auto minmax(0, 1fr) auto / minmax(0, 1fr);
    min-height: 0;
    background: var(--panel);
    border-radius: var(--radius);
    overflow: hidden;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--unit) calc(var(--unit) * 2);
    padding: var(--unit) calc(var(--unit) * 2);
  }
  .lists {
    display: flex;
    flex-wrap: wrap;
  }
  .lists button {
    min-width: 0;
    padding: 0 calc(var(--unit) * 2);
    font-size: var(--text-small);
    font-weight: var(--weight);
    color: var(--ink-2);
    border-color: transparent;
  }
  .lists button[aria-pressed="true"] {
    font-weight: var(--weight-strong);
    color: var(--ink);
    background: var(--ground);
  }
  input[type="search"] {
    flex: 1 1 6em;
    min-width: 4em;
    min-height: var(--target);
    padding: 0 calc(var(--unit) * 2);
    font: inherit;
    color: var(--ink);
    background: var(--ground);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  .note {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: calc(var(--unit) * 2);
    min-height: calc(var(--target) * 0.8);
    padding: 0 calc(var(--unit) * 3);
    font-size: var(--text-small);
    color: var(--ink-2);
    border-bottom: var(--hair) solid var(--line);
  }
  .note b {
    color: var(--ink);
  }
  .note button {
    min-width: 0;
    min-height: calc(var(--target) * 0.7);
    padding: 0 calc(var(--unit) * 2);
    font-size: inherit;
  }
  .rows {
    position: relative;
    min-height: 0;
    overflow-x: hidden;
    overflow-y: auto;
    overflow-anchor: none;
    outline-offset: calc(var(--hair) * -2);
  }
  .space {
    position: relative;
    overflow: hidden;
  }
  .window {
    position: absolute;
    inset: 0 0 auto;
  }
  .line {
    position: relative;
    display: grid;
    grid-template-columns: auto auto minmax(0, 1fr) auto;
    align-items: center;
    gap: 0 calc(var(--unit) * 2.5);
    height: var(--alarm-row);
    padding: 0 calc(var(--unit) * 3) 0 calc(var(--unit) * 2);
    border-bottom: var(--hair) solid var(--line);
    cursor: pointer;
  }
  .line.in-group {
    padding-left: calc(var(--unit) * 6);
  }
  .line.active {
    box-shadow: inset var(--edge) 0 0 var(--ink-2);
  }
  .rows:focus-visible .line.active {
    outline: calc(var(--hair) * 2) solid var(--focus);
    outline-offset: calc(var(--hair) * -2);
  }
  .line.selected {
    background: var(--well);
  }
  .line.open {
    background: var(--ground);
  }
  /* Seen where a hand is, or where something is selected. */
  @media (hover: hover) {
    .line:not(:hover, .selected, .active) input {
      opacity: 0;
    }
  }
  .line input {
    width: 1.15em;
    height: 1.15em;
    margin: 0;
    accent-color: var(--ink);
  }
  .words {
    min-width: 0;
    line-height: 1.3;
  }
  .words p {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .title {
    color: var(--ink);
  }
  .over .title {
    color: var(--ink-2);
  }
  .calls .title {
    font-weight: var(--weight-strong);
  }
  .place,
  .age {
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  .age {
    text-align: right;
    white-space: nowrap;
    line-height: 1.3;
  }
  .first {
    margin-right: 0.5em;
    padding: 0 0.4em;
    font-size: var(--text-small);
    font-weight: var(--weight-strong);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  .fold {
    width: 1.15em;
    text-align: center;
    color: var(--ink-2);
  }
  .empty {
    padding: calc(var(--unit) * 5) calc(var(--unit) * 3);
    text-align: center;
    color: var(--ink-2);
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 1.5);
    padding: calc(var(--unit) * 2) calc(var(--unit) * 3);
    border-top: var(--hair) solid var(--line);
  }
  .acts .go:disabled {
    color: var(--ink-2);
    background: none;
    border-color: var(--line);
  }
  .acts button {
    padding: 0 calc(var(--unit) * 2.5);
    font-size: var(--text-small);
  }
`;
