import { aheadOf, firstOf, type KnownChannel, presentOf } from './channel-time.ts';
import { DiagnosisTimeline } from './diagnosis-timeline.ts';
import type { FleetStore } from './fleet-store.ts';
import type { HistoryStore } from './history-store.ts';
import { Timeline, type TimelineParts } from './timeline.ts';

/** Right end of what is shown. */
type Edge = TimelineParts['edgeMs'];

/** The lines of time of the channels on a page, each begun when it is first asked for. */
export class ShownTimelines {
  readonly #fleet: FleetStore;
  readonly #history: HistoryStore;
  readonly #lines = new Map<string, Timeline>();
  readonly #diagnoses = new Map<string, DiagnosisTimeline>();
  #overview: Timeline | undefined;

  constructor({ fleet, history }: { readonly fleet: FleetStore; readonly history: HistoryStore }) {
    this.#fleet = fleet;
    this.#history = history;
  }

  known(name: string): KnownChannel {
    return { live: this.#fleet.find(name), stored: this.#history.value.channels.get(name) };
  }

  line(name: string, edgeMs: Edge): Timeline {
    const known = this.#lines.get(name);
    if (known) return known;
    const overview = this.#history.past(name, 'overview');
    const line = this.#begin(name, { past: this.#history.past(name), overview, edgeMs });
    this.#lines.set(name, line);
    return line;
  }

  overview(name: string, edgeMs: Edge): Timeline {
    this.#overview ??= this.#begin(name, { past: this.#history.past(name, 'overview'), edgeMs });
    return this.#overview;
  }

  diagnoses(name: string): DiagnosisTimeline {
    const known = this.#diagnoses.get(name);
    if (known) return known;
    const line = new DiagnosisTimeline({
      ...this.#times(name),
      name,
      diagnoses: this.#fleet.diagnoses,
      past: this.#history.diagnoses(name),
      stepped: () => this.#fleet.find(name)?.streams.stepped ?? 0,
    });
    this.#diagnoses.set(name, line);
    return line;
  }

  /** Gives up what is under way of all others. */
  keep(names: readonly string[]): void {
    for (const lines of [this.#lines, this.#diagnoses]) {
      for (const [name, line] of lines) if (!names.includes(name) && lines.delete(name)) line.close();
    }
  }

  #begin(name: string, parts: Pick<TimelineParts, 'past' | 'overview' | 'edgeMs'>): Timeline {
    return new Timeline({ ...this.#times(name), ...parts, live: () => this.#fleet.find(name) });
  }

  #times(name: string) {
    return {
      nowMs: () => presentOf(this.known(name)),
      aheadMs: () => aheadOf(this.known(name)),
      firstMs: () => firstOf(this.known(name)),
    };
  }
}
