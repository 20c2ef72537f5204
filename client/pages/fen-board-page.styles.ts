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
  nav {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 3);
  }
  .row > b {
    align-self: center;
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
