import { html, nothing } from 'lit';
import { CONDITION_SIGN, conditionOf, describeCondition } from '../components/condition.ts';
import '../components/fen-diagnosis.ts';
import type { ValueScale } from '../locale/digits.ts';
import type { Locale } from '../locale/locale.ts';
import { scaledUnit } from '../locale/units.ts';
import type { FleetStore } from '../store/fleet-store.ts';

/** Above the trend of a channel: what it reads, how it is, and what its model makes of it; `lastMs` is where the history of one ends whose device is not there. */
export function renderTop(
  name: string,
  {
    fleet,
    scale,
    lastMs,
    locale,
  }: { fleet: FleetStore; scale: ValueScale; lastMs: number | undefined; locale: Locale },
) {
  const { text } = locale;
  const store = fleet.find(name);
  if (!store) {
    const words = lastMs === undefined ? text.noDevice : text.noDeviceSince(locale.exact(lastMs).slice(0, 19));
    return html`<div class="top"><p class="condition">${words}</p></div>`;
  }
  const { value: view } = store;
  const condition = conditionOf(view);
  const sign = CONDITION_SIGN[condition];
  const diagnosis = fleet.diagnoses.find(name);
  return html`
    <div class="top">
      <p class="value">
        <span class="unseen">${text.current}</span>
        <b>${locale.value(view.reading?.mean, scale)}</b><small>${scaledUnit(view.channel.unit, scale.exponent)}</small>
      </p>
      <p class="condition">
        ${sign ? html`<span aria-hidden="true">${sign}</span>` : nothing} ${describeCondition(condition, view, locale)}
      </p>
      ${view.isFrozen ? nothing : html`<p class="age">${text.age} <b>${locale.delay(view.ageMs)}</b></p>`}
      ${diagnosis ? html`<fen-diagnosis large .channel=${store} .diagnosis=${diagnosis} .locale=${locale}></fen-diagnosis>` : nothing}
    </div>
  `;
}
