import type { AlarmDefinitions } from '../wire/alarm-definitions.ts';
import { OVER_RANK, urgencyRank } from '../wire/alarm-urgency.ts';
import type { AlarmFlood, AlarmReply } from '../wire/alarms.ts';
import { type AlarmKnowledge, type KnownNumbers, NOTHING, RANKS } from './alarm-knowledge.ts';

/** Texts of one turn, but for a single alarm or definition that is longer. */
export const PIECE_BYTES = 16 * 1024;

/** Pieces that are kept for others who are to be told the same. */
const PIECES_KEPT = 256;

export interface AlarmPiece {
  /** Definitions before the alarms that name them. */
  readonly texts: readonly Buffer[];
  readonly bytes: number;
  readonly after: AlarmKnowledge;
}

type ToldDefinition = AlarmDefinitions['definitions'][number];

interface Kept {
  readonly alarm: AlarmReply;
  readonly rank: number;
  readonly number: number;
  readonly text: string;
  readonly bytes: number;
  isReplaced: boolean;
}

interface Definition {
  readonly id: string;
  readonly text: string;
  readonly bytes: number;
  /** Undefined while no alarm that is kept names it. */
  number: number | undefined;
}

/**
 * The newest state of each alarm and what of it viewers are still to be told,
 * in pieces: the most urgent first, of one rank the newest first. Whatever a
 * viewer knows, a piece is made once for all who know the same.
 */
export class AlarmBacklog {
  readonly #kept = new Map<string, Kept>();
  /** By rank, the newest last; with replaced ones among them. */
  readonly #ranks: Kept[][] = Array.from({ length: RANKS }, () => []);
  readonly #living = new Array<number>(RANKS).fill(0);
  readonly #definitions = new Map<string, Definition>();
  /** How many of the alarms that are kept name a definition. */
  readonly #naming = new Map<string, number>();
  readonly #pieces = new Map<AlarmKnowledge, AlarmPiece>();
  #flood: Buffer = Buffer.from(JSON.stringify({ type: 'alarm-flood' } satisfies AlarmFlood));
  #floodNumber = 0;
  #number = 0;
  #all: AlarmKnowledge | undefined;

  /** What a viewer knows who was told all there is. */
  get all(): AlarmKnowledge {
    const known: KnownNumbers = { upTo: this.#number, from: this.#number, to: this.#number };
    this.#all ??= {
      ranks: Array<KnownNumbers>(RANKS).fill(known),
      definitions: this.#number,
      besides: NOTHING.besides,
      flood: this.#floodNumber,
      isGreeted: true,
    };
    return this.#all;
  }

  take(alarm: AlarmReply): void {
    const before = this.#kept.get(alarm.tag);
    const text = JSON.stringify(alarm);
    const kept: Kept = {
      alarm,
      rank: urgencyRank(alarm),
      number: ++this.#number,
      text,
      bytes: Buffer.byteLength(text),
      isReplaced: false,
    };
    this.#kept.set(alarm.tag, kept);
    this.#ranks[kept.rank].push(kept);
    this.#living[kept.rank]++;
    this.#name(alarm.definition);
    if (before !== undefined) this.#replace(before);
    this.#changed();
  }

  /** Takes the whole list. */
  setDefinitions(definitions: readonly ToldDefinition[]): void {
    const before = new Map(this.#definitions);
    this.#definitions.clear();
    for (const definition of definitions) {
      const { id } = definition;
      const text = JSON.stringify(definition);
      const known = before.get(id);
      const isSame = known?.text === text;
      const number = this.#naming.has(id) && !isSame ? ++this.#number : undefined;
      this.#definitions.set(id, isSame ? known : { id, text, bytes: Buffer.byteLength(text), number });
    }
    this.#changed();
  }

  setFlood(flood: Omit<AlarmFlood, 'type'>): void {
    this.#flood = Buffer.from(JSON.stringify({ type: 'alarm-flood', ...flood } satisfies AlarmFlood));
    this.#floodNumber++;
    this.#changed();
  }

  /** The place of an alarm's newest state among what is told; undefined where none is kept. */
  find(tag: string): Pick<Kept, 'rank' | 'number'> | undefined {
    return this.#kept.get(tag);
  }

  /** What to tell next who knows `knowledge`; undefined where that is all. */
  next(knowledge: AlarmKnowledge): AlarmPiece | undefined {
    if (knowledge === this.all) return undefined;
    let piece = this.#pieces.get(knowledge);
    if (piece === undefined) {
      piece = this.#build(knowledge);
      if (this.#pieces.size >= PIECES_KEPT) this.#pieces.delete(this.#pieces.keys().next().value!);
      this.#pieces.set(knowledge, piece);
    }
    return piece;
  }

  /** Forgets the alarms that are over, when everyone was told of it. */
  forgetOver(): void {
    for (const kept of this.#ranks[OVER_RANK].splice(0)) {
      if (kept.isReplaced) continue;
      this.#kept.delete(kept.alarm.tag);
      this.#unname(kept.alarm.definition);
    }
    this.#living[OVER_RANK] = 0;
  }

  #build(knowledge: AlarmKnowledge): AlarmPiece {
    const definitions: Definition[] = [];
    const alarms: Kept[] = [];
    let besides = knowledge.besides as Map<string, number>;
    let bytes = 0;
    const hasRoom = (more: number) => bytes === 0 || bytes + more <= PIECE_BYTES;
    const define = (definition: Definition, number: number) => {
      if (besides === knowledge.besides) besides = new Map(besides);
      besides.set(definition.id, number);
      definitions.push(definition);
      bytes += definition.bytes;
    };
    const add = (kept: Kept): boolean => {
      const definition = this.#definitions.get(kept.alarm.definition);
      const unknown =
        definition && this.#isUnknown(definition, knowledge.definitions, besides) ? definition : undefined;
      if (!hasRoom(kept.bytes + (unknown?.bytes ?? 0))) return false;
      if (unknown?.number !== undefined) define(unknown, unknown.number);
      alarms.push(kept);
      bytes += kept.bytes;
      return true;
    };

    const ranks = [...knowledge.ranks];
    let isAll = true;
    for (let rank = 0; rank < RANKS && isAll; rank++) {
      const stop = this.#read(rank, knowledge.ranks[rank], add);
      ranks[rank] = stop ?? this.all.ranks[rank];
      isAll = stop === undefined;
    }
    for (const definition of isAll ? this.#definitions.values() : []) {
      if (!this.#isUnknown(definition, knowledge.definitions, besides)) continue;
      if (!hasRoom(definition.bytes)) isAll = false;
      else if (definition.number !== undefined) define(definition, definition.number);
    }

    const snapshot = isAll ? 'last' : 'more';
    const texts: Buffer[] = [];
    if (definitions.length > 0) texts.push(wrap('{"type":"alarm-definitions","definitions":[', definitions));
    if (knowledge.isGreeted && alarms.length > 0) texts.push(wrap('{"type":"alarms","alarms":[', alarms));
    const isSnapshot = !knowledge.isGreeted && (alarms.length > 0 || isAll);
    if (isSnapshot) texts.push(wrap(`{"type":"alarms","snapshot":"${snapshot}","alarms":[`, alarms));
    if (isAll && knowledge.flood !== this.#floodNumber) texts.push(this.#flood);
    return {
      texts,
      bytes: texts.reduce((sum, text) => sum + text.byteLength, 0),
      after: isAll ? this.all : { ...knowledge, ranks, besides },
    };
  }

  /** Gives `add` what is not known of a rank, the newest first, until it has no room: then it says what is known after it. */
  #read(rank: number, known: KnownNumbers, add: (kept: Kept) => boolean): KnownNumbers | undefined {
    const list = this.#ranks[rank];
    const newest = this.#number;
    let told = newest + 1;
    for (let i = list.length - 1; i >= 0; i--) {
      const kept = list[i];
      if (kept.number <= known.upTo) return undefined;
      if (kept.number <= known.to && kept.number > known.from) {
        i = firstAbove(list, known.from);
        told = known.from + 1;
        continue;
      }
      if (kept.isReplaced) continue;
      if (!add(kept)) {
        // What was known below what was added now is told again: it would be a second hole to remember.
        return told > newest ? known : { upTo: known.upTo, from: told - 1, to: newest };
      }
      told = kept.number;
    }
    return undefined;
  }

  #isUnknown({ id, number }: Definition, upTo: number, besides: ReadonlyMap<string, number>): boolean {
    return number !== undefined && number > upTo && besides.get(id) !== number;
  }

  #name(id: string): void {
    const count = this.#naming.get(id) ?? 0;
    this.#naming.set(id, count + 1);
    const definition = this.#definitions.get(id);
    if (definition !== undefined) definition.number ??= ++this.#number;
  }

  #unname(id: string): void {
    const count = this.#naming.get(id)! - 1;
    if (count > 0) {
      this.#naming.set(id, count);
      return;
    }
    this.#naming.delete(id);
    const definition = this.#definitions.get(id);
    if (definition !== undefined) definition.number = undefined;
  }

  #replace(kept: Kept): void {
    kept.isReplaced = true;
    this.#unname(kept.alarm.definition);
    const living = --this.#living[kept.rank];
    const list = this.#ranks[kept.rank];
    if (list.length > 2 * living + 64) this.#ranks[kept.rank] = list.filter(({ isReplaced }) => !isReplaced);
  }

  #changed(): void {
    this.#all = undefined;
    this.#pieces.clear();
  }
}

/** Index of the first with a number above this. */
function firstAbove(list: readonly Kept[], number: number): number {
  let low = 0;
  for (let high = list.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (list[middle].number > number) high = middle;
    else low = middle + 1;
  }
  return low;
}

function wrap(head: string, items: readonly { readonly text: string }[]): Buffer {
  return Buffer.from(`${head}${items.map(({ text }) => text).join()}]}`);
}
