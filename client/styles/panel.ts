import { css } from 'lit';

/** A panel of figures under a title; stale ones are struck. */
export const panel = css`
  :host {
    display: block;
    background: var(--panel);
    border-radius: var(--radius);
  }
  h2 {
    padding: calc(var(--row-gap) * 1.4) calc(var(--unit) * 3.5);
    font-size: var(--text-small);
    color: var(--ink-2);
    border-bottom: var(--hair) solid var(--line);
  }
  .stale :is(dd, td) {
    color: var(--ink-2);
    text-decoration: line-through;
  }
`;
