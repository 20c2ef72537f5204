import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--unit) * 5);
  }
  h3 {
    padding-bottom: calc(var(--unit) * 1.5);
    margin-bottom: calc(var(--unit) * 3);
    font-size: var(--text-small);
    color: var(--ink-2);
    border-bottom: var(--hair) solid var(--line);
  }
  .group {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(18em, 100%), 1fr));
    gap: calc(var(--unit) * 4);
    align-items: start;
  }
  .field:has(.pair, fen-condition-form) {
    grid-column: 1 / -1;
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(18em, 100%), 1fr));
    gap: calc(var(--unit) * 3);
  }
  .field {
    min-width: 0;
    padding-left: calc(var(--unit) * 2.5);
    border-left: var(--edge) solid transparent;
  }
  .own {
    border-left-color: var(--ink-3);
  }
  .source {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 calc(var(--unit) * 3);
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  .source button {
    padding: 0 calc(var(--unit) * 1);
    font-weight: var(--weight);
    color: var(--ink-2);
    background: none;
    border: 0;
    text-decoration: underline;
    text-underline-offset: 0.2em;
    white-space: normal;
    text-align: left;
  }
`;
