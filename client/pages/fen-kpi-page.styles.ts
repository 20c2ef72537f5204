import { css } from 'lit';

export const styles = css`
  .steps {
    display: flex;
    gap: calc(var(--unit) * 2);
  }
  .when {
    font-variant-numeric: tabular-nums;
  }
  header > a {
    margin-left: auto;
  }
  .news:empty {
    position: absolute;
  }
  .news {
    font-weight: var(--weight-strong);
  }
  .lists {
    display: grid;
    /* At most three, which five of them fill with one twice as wide. */
    grid-template-columns: repeat(auto-fit, minmax(min(max(24em, 33.3% - var(--gap)), 100%), 1fr));
    align-items: start;
    gap: var(--gap);
  }
  @media (min-width: 900px) {
    .floods {
      grid-column: span 2;
    }
  }
  @media (max-width: 899px) {
    :host {
      padding-bottom: var(--foot);
    }
    header > * {
      flex: 1 1 100%;
    }
    header > a {
      flex: 0 1 auto;
      margin-left: 0;
    }
    .steps {
      display: grid;
      grid-template-columns: repeat(3, 1fr);
    }
  }
`;
