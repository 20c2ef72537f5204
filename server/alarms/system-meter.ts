import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { SystemFigure } from '../wire/alarms.ts';

/** What other stages say of themselves. */
export interface StageFigures {
  /** Whether the history or the journal cannot be written. */
  isDiskFailing(): boolean;
  /** Windows dropped since the start. */
  droppedWindows(): number;
  /** Models that channels name and that are not used. */
  failingModels(): number;
  isCaptureFailing(): boolean;
  /** Alarm outputs that deliver nothing. */
  failingOutputs(): number;
}

export interface SystemMeterOptions {
  /** Lies on the volume that is looked at. */
  readonly directory: string;
  readonly stages: StageFigures;
  readonly take: (figure: SystemFigure, value: number) => void;
  readonly monotonicMs: () => number;
}

const READ_MS = 1000;
const DISK_MS = 10_000;
/** The load is the mean of so many readings. */
const LOAD_READINGS = 10;

interface Reading {
  readonly atMs: number;
  readonly busyMs: number;
  readonly dropped: number;
}

/** Reads the figures of the machine and of the stages once a second. */
export class SystemMeter {
  readonly #options: SystemMeterOptions;
  readonly #timer: NodeJS.Timeout;
  #readings: Reading[] = [];
  #diskMs = Number.NEGATIVE_INFINITY;

  constructor(options: SystemMeterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#read(), READ_MS);
    this.#timer.unref();
    this.#read();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #read(): void {
    const { stages, take, monotonicMs } = this.#options;
    const reading = { atMs: monotonicMs(), busyMs: busyMs(), dropped: stages.droppedWindows() };
    const before = this.#readings.at(-1);
    const oldest = this.#readings[0];
    this.#readings = [...this.#readings.slice(1 - LOAD_READINGS), reading];
    if (oldest !== undefined && reading.atMs > oldest.atMs) {
      const coresMs = (reading.atMs - oldest.atMs) * availableParallelism();
      take('cpu-load', Math.min(100, (100 * (reading.busyMs - oldest.busyMs)) / coresMs));
    }
    if (before !== undefined && reading.atMs > before.atMs) {
      take('windows-dropped', (1000 * (reading.dropped - before.dropped)) / (reading.atMs - before.atMs));
    }
    take('memory-used', 100 * (1 - freemem() / totalmem())); // on Linux what is free counts caches that can go
    take('disk-failing', Number(stages.isDiskFailing()));
    take('model-failing', stages.failingModels());
    take('output-failing', stages.failingOutputs());
    take('capture-failing', Number(stages.isCaptureFailing()));
    if (reading.atMs - this.#diskMs < DISK_MS) return;
    this.#diskMs = reading.atMs;
    void this.#readDisk();
  }

  async #readDisk(): Promise<void> {
    const { directory, take } = this.#options;
    const volume = await statfs(directory).catch(() => undefined); // the history says what is wrong with it
    if (volume !== undefined && volume.blocks > 0) take('disk-free', (100 * volume.bavail) / volume.blocks);
  }
}

/** Of all cores since the machine started. */
function busyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
