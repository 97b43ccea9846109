#!/usr/bin/env python3
"""Writes the reference values of the acoustic fingerprint with NumPy and soxr.

usage: make_fingerprint_fixtures.py REPOSITORY_ROOT

Tests/SentioAudioTests/Fixtures/
  fingerprint.npy   int64 [frames]   the signal of make_audio_fixtures.py (1.5 s at 22 050 Hz): word, and mask in the
                                     upper half
"""
import sys

import numpy as np
import soxr

from make_audio_fixtures import signal

RATE, FFT, HOP, BITS, RELIABLE = 5500, 2048, 128, 32, 16


def main(root):
    x = soxr.resample(signal(), 22050, RATE, quality="HQ").astype(np.float64)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)
    frames = np.lib.stride_tricks.sliding_window_view(x, FFT)[::HOP]
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    edges = 300 * (2000 / 300) ** (np.arange(BITS + 2) / (BITS + 1))
    hz = np.arange(FFT // 2 + 1) * RATE / FFT
    bands = np.stack([power[:, (hz >= a) & (hz < b)].sum(axis=1) for a, b in zip(edges, edges[1:])], axis=1)
    difference = np.diff(bands[:, :-1] - bands[:, 1:], axis=0)
    size = np.sort(np.abs(difference), axis=1)[:, ::-1]
    sounding = bands.sum(axis=1) > 1e-6 * bands.sum(axis=1).max()
    mask = (np.abs(difference) >= size[:, RELIABLE - 1 : RELIABLE]) & (sounding[1:] & sounding[:-1])[:, None]
    bits = np.uint64(1) << np.arange(BITS, dtype=np.uint64)
    words = ((difference > 0) * bits).sum(axis=1, dtype=np.uint64)
    masks = (mask * bits).sum(axis=1, dtype=np.uint64)
    packed = (words | masks << np.uint64(32)).view(np.int64)
    np.save(f"{root}/Tests/SentioAudioTests/Fixtures/fingerprint.npy", packed)
    print(packed.shape, "16th largest difference, relative to the largest:", (size[:, RELIABLE - 1] / size[:, 0]).min())


if __name__ == "__main__":
    main(sys.argv[1])
