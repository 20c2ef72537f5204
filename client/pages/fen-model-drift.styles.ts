import { css } from 'lit';

export const styles = css`
  :host {
    min-width: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 6);
    padding: calc(var(--unit) * 2) calc(var(--unit) * 3.5);
    border-bottom: var(--hair) solid var(--line);
  }
  header h2 {
    padding: 0;
    border: 0;
  }
  .choice {
    display: flex;
    gap: calc(var(--unit) * 2);
    min-width: 0;
  }
  select {
    flex: 0 1 auto;
    min-width: 0;
    max-width: 24em;
    min-height: var(--target);
    padding: 0 1.9em 0 calc(var(--unit) * 2.5);
    font: inherit;
    color: var(--ink);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
    appearance: none;
    background: conic-gradient(from -45deg at bottom, var(--ink) 90deg, transparent 0) no-repeat right 0.7em center / 0.7em
        0.35em var(--panel);
  }
  .said {
    display: grid;
    gap: var(--unit);
    padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5) 0;
    color: var(--ink-2);
  }
  .said p {
    max-width: 70em;
  }
  .plain {
    color: var(--ink);
    font-weight: var(--weight-strong);
  }
  .mix {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  .scroll {
    padding: calc(var(--unit) * 2) 0 calc(var(--unit) * 3);
  }
  .now {
    font-weight: var(--weight-strong);
  }
  .normal {
    color: var(--ink-3);
  }
  tbody th {
    width: 60%;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 1.5) calc(var(--unit) * 4);
  }
  .name {
    flex: 0 0 14em;
  }
  .track {
    flex: 1 1 6em;
    position: relative;
    height: 1em;
    background: var(--ground);
    border-radius: calc(var(--radius) / 2);
  }
  .fill {
    height: 100%;
    background: var(--band);
    border-radius: calc(var(--radius) / 2);
  }
  .mark {
    position: absolute;
    top: -0.25em;
    bottom: -0.25em;
    width: calc(var(--hair) * 2);
    margin-left: calc(var(--hair) * -1);
    background: var(--ink);
  }
  .note {
    padding: calc(var(--row-gap) * 1.4) calc(var(--unit) * 3.5);
    font-size: var(--text-small);
    color: var(--ink-2);
    border-top: var(--hair) solid var(--line);
  }
  @container (min-width: 70em) {
    .mix {
      grid-template-columns: minmax(0, 5fr) minmax(0, 3fr);
    }
  }
  @media (max-width: 699px) {
    .name {
      flex-basis: 100%;
      white-space: normal;
    }
    .track {
      height: 0.6em;
    }
    .runs {
      display: none;
    }
    .choice {
      flex-wrap: wrap;
    }
    .choice,
    select,
    fen-window-choice {
      flex: 1 1 100%;
      max-width: none;
    }
    th,
    td {
      padding-left: calc(var(--unit) * 1.5);
      padding-right: calc(var(--unit) * 1.5);
    }
  }
`;
