import { html, nothing } from 'lit';
import { AlarmOpenEvent } from '../components/alarm-events.ts';
import { type AlarmSpeech, wordsOf } from '../components/alarm-speech.ts';
import { CONDITION_SIGN, conditionOf, describeCondition } from '../components/condition.ts';
import '../components/fen-alarm-symbol.ts';
import '../components/fen-diagnosis.ts';
import type { ValueScale } from '../locale/digits.ts';
import { scaledUnit } from '../locale/units.ts';
import type { FleetStore } from '../store/fleet-store.ts';

/** Above the trend of a channel: what it reads, how it is, and what its model makes of it; `lastMs` is where the history of one ends whose device is not there. */
export function renderTop(
  name: string,
  {
    fleet,
    scale,
    lastMs,
    speech,
  }: { fleet: FleetStore; scale: ValueScale; lastMs: number | undefined; speech: AlarmSpeech },
) {
  const { locale } = speech;
  const { text } = locale;
  const store = fleet.find(name);
  if (!store) {
    const words = lastMs === undefined ? text.noDevice : text.noDeviceSince(locale.exact(lastMs).slice(0, 19));
    return html`<div class="top"><p class="condition">${words}</p>${renderAlarms(name, speech)}</div>`;
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
      ${renderAlarms(name, speech)}
      ${diagnosis ? html`<fen-diagnosis large .channel=${store} .diagnosis=${diagnosis} .locale=${locale}></fen-diagnosis>` : nothing}
    </div>
  `;
}

// More are counted: they are all in the list of alarms.
const NAMED = 3;

/** The most urgent alarms of the channel, each the way to its detail. */
function renderAlarms(name: string, speech: AlarmSpeech) {
  const { text } = speech.locale;
  const all = speech.alarms.value.shown.filter(({ channel }) => channel === name);
  if (all.length === 0) return nothing;
  const more = all.length - NAMED;
  return html`
    <ul class="alarms" aria-label=${text.channelAlarms}>
      ${all.slice(0, NAMED).map(
        (alarm) => html`
          <li>
            <button @click=${({ target }: Event) => target?.dispatchEvent(new AlarmOpenEvent(alarm.tag))}>
              <fen-alarm-symbol .priority=${alarm.priority} .state=${alarm.state}></fen-alarm-symbol>
              <span class="unseen">${text.alarmPriority[alarm.priority]}</span>
              <bdi>${wordsOf(alarm, speech).title}</bdi>
              <small>${text.since(speech.locale.time(alarm.raisedMs))}</small>
            </button>
          </li>
        `,
      )}
      ${more > 0 ? html`<li>${text.more(speech.locale.count(more))}</li>` : nothing}
    </ul>
  `;
}
