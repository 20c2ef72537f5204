import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template: auto auto minmax(0, 1fr) auto / minmax(0, 1fr);
    gap: var(--gap);
    min-height: 0;
    overflow: hidden;
  }
  .counts {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: var(--gap);
  }
  .counts li {
    display: grid;
    grid-template: auto auto / auto minmax(0, 1fr);
    align-items: center;
    gap: 0 calc(var(--unit) * 2.5);
    padding: calc(var(--unit) * 1.5) calc(var(--unit) * 3);
    overflow: hidden;
    background: var(--panel);
    border-radius: var(--radius);
  }
  .counts b {
    font-size: var(--text-large);
    line-height: 1.1;
  }
  .counts fen-alarm-symbol {
    font-size: var(--text-value);
  }
  .counts .zero {
    color: var(--ink-3);
  }
  .counts small {
    grid-column: 1 / -1;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  .flood {
    padding: calc(var(--unit) * 1.5) calc(var(--unit) * 3);
    font-size: var(--text-name);
    font-weight: var(--weight-strong);
    background: var(--panel);
    border-radius: var(--radius);
  }
  /* A line that has no room stands in a column beside, out of sight, not cut. */
  ol {
    display: flex;
    flex-flow: column wrap;
    align-content: start;
    gap: calc(var(--gap) * 0.5) 0;
    min-height: 0;
    overflow: hidden;
  }
  ol li {
    flex: none;
    width: 100%;
    min-height: var(--alarm-row);
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 3);
    min-width: 0;
    padding: 0 calc(var(--unit) * 3);
    overflow: hidden;
    background: var(--panel);
    border-radius: var(--radius);
  }
  ol fen-alarm-symbol {
    font-size: var(--text-title);
  }
  .words {
    flex: 1;
    min-width: 0;
    line-height: 1.2;
  }
  .words > * {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .what {
    font-size: var(--text-grave);
    font-weight: var(--weight-strong);
  }
  .tall .what,
  .tall:not(.group) .do {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    white-space: normal;
  }
  .do {
    font-size: var(--text-name);
    color: var(--ink-2);
  }
  time,
  .found {
    flex: none;
    max-width: 30%;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    font-size: var(--text-name);
    color: var(--ink-2);
  }
  .tall {
    padding: calc(var(--unit) * 2) calc(var(--unit) * 3);
  }
  .count {
    flex: none;
    font-size: var(--text-value);
    font-weight: var(--weight-strong);
  }
  .mark {
    flex: none;
    padding: 0 0.4em;
    font-size: var(--text-name);
    color: var(--ground);
    background: var(--ink);
    border-radius: var(--radius);
  }
  .none {
    align-self: center;
    justify-self: center;
    font-size: var(--text-large);
    color: var(--ink-2);
  }
  .more {
    min-height: 1.3em;
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  @media (orientation: portrait) {
    .counts {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .found {
      display: none;
    }
    .tall .what {
      -webkit-line-clamp: 3;
    }
  }
`;
