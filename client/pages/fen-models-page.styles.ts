import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--gap);
    align-content: start;
    min-height: 100%;
    padding: calc(var(--unit) * 3) var(--gutter) var(--gutter);
    container-type: inline-size;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 5);
  }
  h1 {
    font-size: var(--text-title);
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--unit) * 2);
  }
  nav small {
    font-size: var(--text-small);
    font-weight: var(--weight);
    color: var(--ink-2);
  }
  nav [aria-current] {
    border-color: var(--ink);
    border-bottom-width: var(--edge);
  }
  .news {
    display: grid;
    gap: var(--gap);
  }
  .news:empty {
    position: absolute;
  }
  .news p {
    padding: calc(var(--unit) * 2.5) calc(var(--unit) * 3.5);
    border: var(--hair) solid var(--ink);
    border-radius: var(--radius);
    font-weight: var(--weight-strong);
  }
  .news .calm {
    padding: 0;
    border: 0;
    font-weight: var(--weight);
    color: var(--ink-2);
  }
  .change {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--unit) * 2);
  }
  .groups {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(26em, 100%), 1fr));
    gap: var(--gap);
  }
  .papers {
    align-items: start;
  }
  .none {
    max-width: 42em;
    margin: 0 auto;
    padding: calc(var(--unit) * 16) 0;
    text-align: center;
    color: var(--ink-2);
  }
  .none h2 {
    margin-bottom: calc(var(--unit) * 2);
    font-size: var(--text-title);
    color: var(--ink);
  }
  .card {
    background: var(--panel);
    border-radius: var(--radius);
  }
  .card > h2 {
    padding: calc(var(--row-gap) * 1.4) calc(var(--unit) * 3.5);
    font-size: var(--text-small);
    color: var(--ink-2);
    border-bottom: var(--hair) solid var(--line);
  }
  .text {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--unit) * 2.5);
    max-width: 60em;
    padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5) calc(var(--unit) * 4);
    line-height: 1.5;
  }
  .text :is(h3, h4) {
    margin: calc(var(--unit) * 2) 0 0;
    font-size: inherit;
    font-weight: var(--weight-strong);
  }
  .text ul {
    padding-left: 1.3em;
    list-style: disc;
  }
  .text code,
  .text pre {
    font: inherit;
    background: var(--ground);
    border-radius: var(--radius);
    padding: 0 calc(var(--unit) * 1);
  }
  .text pre,
  .scroll {
    overflow-x: auto;
  }
  .text table {
    border-collapse: collapse;
  }
  .text :is(th, td) {
    padding: calc(var(--unit) * 0.75) calc(var(--unit) * 4) calc(var(--unit) * 0.75) 0;
    text-align: left;
    white-space: nowrap;
  }
  .text th {
    font-size: var(--text-small);
    font-weight: var(--weight);
    color: var(--ink-2);
  }
  @media (max-width: 899px) {
    :host {
    }
  }
`;
