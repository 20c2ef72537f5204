import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    align-content: start;
    gap: calc(var(--unit) * 4);
    padding: calc(var(--unit) * 3) var(--gutter) var(--gutter);
  }
  h1,
  h2 {
    font-size: var(--text-title);
  }
  header,
  nav,
  .row,
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: calc(var(--unit) * 3);
  }
  header {
    align-items: center;
  }
  form,
  ol {
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
  a[aria-current] {
    color: var(--ground);
    background: var(--ink);
  }
  .note {
    max-width: 60em;
    color: var(--ink-2);
  }
`;
