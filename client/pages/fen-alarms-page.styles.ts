import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    min-height: 100dvh;
    padding-bottom: max(calc(var(--unit) * 6), env(safe-area-inset-bottom));
    font-size: 16px;
    color: var(--ink);
    background: var(--ground);
  }
  .top {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--ground);
    border-bottom: var(--hair) solid var(--line);
  }
  .head,
  main,
  .grave {
    width: min(100%, 76rem);
    margin: 0 auto;
    padding: 0 var(--gutter);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 calc(var(--unit) * 4);
    min-height: 52px;
  }
  h1 {
    font-size: 17px;
    font-weight: var(--weight-brand);
  }
  .head a {
    display: inline-flex;
    align-items: center;
    min-height: 48px;
    color: var(--ink-2);
    font-size: 14px;
  }
  .life {
    display: flex;
    align-items: baseline;
    gap: calc(var(--unit) * 3);
    margin-inline-start: auto;
    font-size: 14px;
    color: var(--ink-2);
    white-space: nowrap;
  }
  .life b {
    color: var(--ink);
  }
  .dot {
    display: inline-block;
    width: 0.55em;
    height: 0.55em;
    margin-inline-end: 0.4em;
    border-radius: 50%;
    background: var(--ink-2);
  }
  .silent,
  .silent b {
    color: var(--critical);
    font-weight: var(--weight-strong);
  }
  .silent .dot {
    border-radius: 0;
    background: var(--critical);
  }
  .alert {
    color: var(--on-alarm);
    background: var(--critical);
  }
  .grave {
    display: block;
    padding-block: calc(var(--unit) * 3);
    line-height: 1.3;
  }
  .grave h2 {
    font-size: 18px;
  }
  .note {
    padding: calc(var(--unit) * 2.5) var(--gutter);
    color: var(--ink-2);
  }
  .counts {
    display: flex;
    justify-content: space-between;
    max-width: 30em;
    padding: calc(var(--unit) * 3.5) calc(var(--unit) * 1.5);
    font-size: 20px;
    font-weight: var(--weight-strong);
  }
  .counts li {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2);
  }
  .counts .zero {
    color: var(--ink-3);
  }
  .flood,
  .refused {
    display: grid;
    gap: var(--unit);
    margin-bottom: calc(var(--unit) * 2.5);
    padding: calc(var(--unit) * 3) calc(var(--unit) * 4);
    background: var(--well);
    border: var(--hair) solid var(--ink-3);
    border-radius: calc(var(--radius) * 2);
    overflow-wrap: anywhere;
  }
  .refused p {
    color: var(--ink-2);
  }
  .refused button {
    min-height: 48px;
    justify-self: end;
    min-width: 8em;
  }
  .rows {
    display: grid;
    gap: calc(var(--unit) * 2.5);
  }
  .none {
    padding: calc(var(--unit) * 14) calc(var(--unit) * 1.5) calc(var(--unit) * 6);
    color: var(--ink-2);
  }
  .none h2 {
    font-size: 26px;
    line-height: 1.25;
    color: var(--ink);
  }
  .none p {
    margin-top: var(--unit);
  }
  .none dl {
    margin-top: calc(var(--unit) * 8);
  }
  .none dl div {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 calc(var(--unit) * 4);
    padding: calc(var(--unit) * 3) 0;
    border-top: var(--hair) solid var(--line);
  }
  .none dd {
    color: var(--ink);
    font-variant-numeric: tabular-nums;
  }
  .more {
    width: 100%;
    min-height: 48px;
    margin-top: calc(var(--unit) * 2.5);
  }
  .news {
    position: sticky;
    bottom: calc(var(--unit) * 2.5);
    z-index: 1;
  }
  .hidden {
    display: grid;
    gap: calc(var(--unit) * 2.5);
    margin-top: calc(var(--unit) * 6);
  }
  .hidden > h2 {
    padding: 0 calc(var(--unit) * 1.5);
    font-size: 15px;
    color: var(--ink-2);
  }
  .hidden > button {
    justify-content: space-between;
    min-height: 48px;
    background: none;
    border-color: var(--line);
  }
  footer {
    padding: calc(var(--unit) * 5) calc(var(--unit) * 1.5) 0;
    font-size: 14px;
    color: var(--ink-2);
  }
`;
