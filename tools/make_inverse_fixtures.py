#!/usr/bin/env python3
"""How well librosa turns spectrograms back into sound, for SentioAudioTests.

usage: make_inverse_fixtures.py Tests/SentioAudioTests/Fixtures

Writes inverse.json: the spectral convergence |S - |STFT(x)|| / |S| of librosa.griffinlim (32 iterations) for momentum 0.99
and 0, the largest of five seeds, on the signal's own magnitudes; and |y - A x| / |y| of feature.inverse.mel_to_stft on its
mel powers. The signal is the formula of make_audio_fixtures.py.
"""
import json
import sys
from pathlib import Path

import librosa
import numpy as np

SR, N_FFT, HOP = 22050, 2048, 512


def signal(n=33075, sr=SR):
    t = np.arange(n) / sr
    state, noise = 12345, np.empty(n)
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        noise[i] = (state >> 8) / 2**23 - 1
    x = 0.4 * np.sin(2 * np.pi * (220 * t + 300 * t * t))
    x += 0.2 * np.sin(2 * np.pi * 1760 * t) * (np.arange(n) // 5512 % 2)
    return (x + 0.05 * noise).astype(np.float32)


y = signal()
S = np.abs(librosa.stft(y, n_fft=N_FFT, hop_length=HOP))


def convergence(momentum, seed):
    x = librosa.griffinlim(S, n_iter=32, hop_length=HOP, n_fft=N_FFT, momentum=momentum, random_state=seed)
    R = np.abs(librosa.stft(x, n_fft=N_FFT, hop_length=HOP))
    frames = min(R.shape[1], S.shape[1])
    return float(np.linalg.norm(S[:, :frames] - R[:, :frames]) / np.linalg.norm(S))


mel = librosa.feature.melspectrogram(y=y, sr=SR, n_fft=N_FFT, hop_length=HOP, n_mels=128, fmin=20, fmax=8000)
found = librosa.feature.inverse.mel_to_stft(mel, sr=SR, n_fft=N_FFT, fmin=20, fmax=8000) ** 2
bank = librosa.filters.mel(sr=SR, n_fft=N_FFT, n_mels=128, fmin=20, fmax=8000)
json.dump(
    {
        "made_by": f"tools/make_inverse_fixtures.py with librosa {librosa.__version__}",
        "griffinlim": max(convergence(0.99, seed) for seed in range(5)),
        "griffinlim_plain": max(convergence(0.0, seed) for seed in range(5)),
        "mel_residual": float(np.linalg.norm(mel - bank @ found) / np.linalg.norm(mel)),
        "mel_convergence": float(np.linalg.norm(S**2 - found) / np.linalg.norm(S**2)),
    },
    open(Path(sys.argv[1]) / "inverse.json", "w"), indent=2)
