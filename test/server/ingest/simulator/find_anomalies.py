"""Finds what went wrong with a plasma in raw samples: FILE of int16 at RATE Hz, 1/32768 V a count.

Knows what each anomaly looks like, and nothing of the program that made the
samples. Prints one JSON object an anomaly: kind, first and last sample, and how
many micro-arcs are in it.
"""

import json
import sys

import numpy as np

NOMINAL = 0.1145 * 32768
BLOCK_MS = 0.5
ARC_GAP_MS = 400  # longest between two arcs of a burst


def stretches(mask):
    """Where `mask` is true: [from, to) of each unbroken stretch."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return edges.reshape(-1, 2)


def join(found, gap):
    """Joins stretches that are less than `gap` apart."""
    joined = []
    for start, end in found:
        if joined and start - joined[-1][1] < gap:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return joined


def find_arcs(samples):
    """Up from one sample to the next, as no light of a plasma goes, and gone in microseconds."""
    found = []
    for start in np.flatnonzero(np.diff(samples.astype(np.int32)) > 0.025 * 32768) + 1:
        if found and start <= found[-1][2]:
            continue
        after = samples[start : start + 200].astype(np.int32)
        above = after - samples[max(0, start - 20) : start].mean()
        over = np.flatnonzero(above < 0.1 * above[0])
        found.append(("micro-arc", start, start + (over[0] if len(over) else len(above)) - 1))
    return found


def find_dark(blocks, block):
    """Short darkness is a drop-out; light after long darkness is an ignition, late where it overshoots."""
    found, unusable = [], np.zeros(len(blocks), bool)
    for start, end in stretches(blocks < 0.5 * NOMINAL):
        unusable[max(0, start - 2) : end + 4] = True
        if (end - start) * BLOCK_MS < 60 and start > 0:
            found.append(("drop-out", start * block, end * block - 1))
            continue
        after = blocks[end + 2 : end + 12]
        unusable[start : end + 40] = True
        if len(after) and np.median(after) > 1.2 * NOMINAL:
            unusable[start : end + 800] = True
            decay = np.flatnonzero(blocks[end : end + 800] > 1.2 * NOMINAL)
            found.append(("late-ignition", end * block, (end + decay[-1]) * block))
    return found, unusable


def find_flicker(light, rate):
    """One frequency of 15 to 95 Hz stands out of the slow fluctuation, 200 ms at a time."""
    size, hop = 400, 50  # blocks of 0.5 ms
    low, high = 3, 20  # steps of 5 Hz
    shape = np.hanning(size)
    marks = np.zeros(len(light), bool)
    for start in range(0, len(light) - size, hop):
        power = np.abs(np.fft.rfft((light[start : start + size] - light[start : start + size].mean()) * shape)) ** 2
        band = power[low:high]
        if band.max() > 30 * np.median(band) and band.max() > (0.025 * size / 4) ** 2:
            marks[start + size // 2 - hop : start + size // 2 + hop] = True
    return [(start, end) for start, end in join(stretches(marks), size) if end - start > size]


def find_slow(light, block):
    """A shift of the level for seconds: at once and back at once, or gradual."""
    size = 400
    smooth = np.convolve(light, np.ones(size) / size, "same")
    found = []
    for start, end in join(stretches(np.abs(smooth) > 0.03), size):
        if end - start < 2000:
            continue
        height = np.abs(smooth[start:end])
        top = np.mean(height > 0.75 * np.quantile(height, 0.9))
        found.append(("mode-jump" if top > 0.82 else "drift", start * block, end * block - 1))
    return found


def main():
    path, rate = sys.argv[1], float(sys.argv[2])
    samples = np.fromfile(path, "<i2")
    block = round(rate * BLOCK_MS / 1000)
    samples = samples[: len(samples) // block * block]

    found = find_arcs(samples)
    calm = samples.astype(np.float32)
    for _, first, last in found:
        calm[first : last + 100] = NOMINAL
    blocks = calm.reshape(-1, block).mean(axis=1)

    dark, unusable = find_dark(blocks, block)
    light = np.where(unusable, 0, blocks / NOMINAL - 1)
    flicker = find_flicker(light, rate)
    slow = find_slow(light, block)
    arcs = np.array([first for _, first, _ in found])
    found = join([[first, last] for _, first, last in found], ARC_GAP_MS * rate / 1000)
    found = [("micro-arc", first, last) for first, last in found]
    found += dark + slow + [("flicker", start * block, end * block - 1) for start, end in flicker]
    for kind, first, last in sorted(found, key=lambda item: item[1]):
        count = int(((arcs >= first) & (arcs <= last)).sum())
        print(json.dumps({"kind": kind, "first": int(first), "last": int(last), "arcs": count}))


main()
