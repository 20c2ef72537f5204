import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--unit) * 5);
    padding: calc(var(--unit) * 4) calc(var(--unit) * 5) calc(var(--unit) * 5);
    background: var(--panel);
    border-radius: var(--radius);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 calc(var(--unit) * 4);
  }
  h2 {
    font-size: var(--text-title);
    overflow-wrap: anywhere;
  }
  .notice {
    display: grid;
    gap: calc(var(--unit) * 2);
    padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5);
    border: calc(var(--hair) * 2) solid var(--ink);
    border-radius: var(--radius);
  }
  .notice li {
    overflow-wrap: anywhere;
  }
  .notice dl > div {
    display: grid;
    grid-template-columns: minmax(6em, max-content) minmax(0, 1fr);
    gap: calc(var(--unit) * 3);
  }
  .notice dt {
    color: var(--ink-2);
  }
  .notice dd {
    overflow-wrap: anywhere;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--unit) * 2);
  }
  .bar {
    position: sticky;
    bottom: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 3);
    padding: calc(var(--unit) * 3) 0;
    background: var(--panel);
    border-top: var(--hair) solid var(--line);
  }
  .bar label {
    flex: 1 1 8em;
  }
  .bar p:empty {
    display: none;
  }
  .bar p {
    flex-basis: 100%;
    font-weight: var(--weight-strong);
  }
`;
