import { html, nothing } from 'lit';
import type { StoredChannel } from '../../server/wire/history.ts';
import {
  aboutFigures,
  accountFigures,
  historyFigures,
  readingFigures,
  readingNote,
  storedFigures,
} from '../components/channel-figures.ts';
import '../components/fen-diagnosis-place.ts';
import '../components/fen-figures.ts';
import type { Diagnosing } from '../diagnosing.ts';
import type { ValueScale } from '../locale/digits.ts';
import type { Locale } from '../locale/locale.ts';
import type { ChannelState } from '../store/channel-store.ts';

/** Every figure there is of a channel: of its live samples, where its device is there, and of its history. */
export function renderAside({
  state,
  stored,
  scale,
  diagnosing,
  locale,
}: {
  state: ChannelState | undefined;
  stored: StoredChannel | undefined;
  scale: ValueScale;
  diagnosing: Diagnosing;
  locale: Locale;
}) {
  const { text } = locale;
  const about = state ? aboutFigures(state, scale, locale) : stored ? storedFigures(stored, locale) : [];
  const isStale = state?.isStale === true && state.reading !== undefined;
  return html`
    <aside aria-label=${text.about} tabindex="0">
      ${
        state
          ? html`
              <fen-figures .heading=${text.reading} .note=${readingNote(state, locale)} .figures=${readingFigures(state, scale, locale)} ?stale=${isStale}></fen-figures>
              <fen-figures .heading=${text.account} .figures=${accountFigures(state, locale)} ?stale=${isStale}></fen-figures>
            `
          : nothing
      }
      ${
        state?.channel.model === undefined
          ? nothing
          : html`<fen-diagnosis-place .diagnosing=${diagnosing} .model=${state.channel.model} .locale=${locale}></fen-diagnosis-place>`
      }
      <fen-figures .heading=${text.about} .figures=${[...about, ...historyFigures(stored, locale)]}></fen-figures>
    </aside>
  `;
}
