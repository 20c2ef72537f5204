import { css } from 'lit';

/** Fields of a board, side by side. */
export const boardFields = css`
  .row,
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: calc(var(--unit) * 3);
  }
  form,
  ol,
  :host {
    display: grid;
    gap: calc(var(--unit) * 3);
  }
  li {
    padding: calc(var(--unit) * 3);
    background: var(--panel);
    border-radius: var(--radius);
  }
  li b {
    flex: 1 1 12em;
    align-self: center;
  }
  label {
    display: grid;
    gap: var(--unit);
    color: var(--ink-2);
  }
  .check {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2);
    min-height: var(--target);
    color: var(--ink);
  }
  input:not([type="checkbox"]),
  select {
    min-height: var(--target);
    padding: 0 calc(var(--unit) * 2);
    font: inherit;
    color: var(--ink);
    background: var(--ground);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  input[type="number"] {
    width: 7em;
  }
  details {
    flex: 1 1 14em;
    max-height: 16em;
    overflow: auto;
  }
  summary {
    min-height: var(--target);
    cursor: pointer;
  }
  .moves {
    display: flex;
    gap: var(--unit);
  }
  @media (min-width: 700px) {
    li {
      display: grid;
      grid-template-columns: 12em 7em 9em minmax(0, 1fr) auto;
    }
    li details {
      grid-column: 4;
      align-self: center;
    }
    .moves {
      grid-area: 1 / 5;
    }
  }
`;
