#!/usr/bin/env python3
"""Writes the reference values of SentioAudioTests and SentioNumericsTests (FFT, npy) with librosa 0.11, soxr, NumPy and
the `lame` program.

usage: make_audio_fixtures.py REPOSITORY_ROOT

Tests/SentioAudioTests/Fixtures/
  signal.mel.npy       float32 [128, 65]   power_to_db(melspectrogram(signal, fmin=20, fmax=8000), ref=max)
  signal.rows.npy      float32 [41, 65]    the frame-level descriptors of the signal
  features.json        the 164 features of: signal, short (its first 500 samples), tone (two tones with a silence between)
  resample-RATE.npy    float32 [...]       librosa.resample of the signal's first 4096 samples, RATE -> 22050 Hz
  stereo.mp3           0.5 s at 44.1 kHz, stereo, made by `lame`
  stereo.wave.npy      librosa.load of it (22 050 Hz mono); stereo.part.npy the same with offset 0.1, duration 0.2
  sweep.flac           the signal's first 3000 samples, 16 bit; sweep.ogg its first 6000 as Vorbis, with sweep.ogg.npy
  stereo-24.flac       its first 2000 as 1000 stereo frames, 24 bit, 96 kHz; sweep.opus 6000 at 48 kHz as Opus, with sweep.opus.npy
  half-band.npy        float32 [4501]      the signal at 44.1 kHz, 9001 samples, through a half-band filter (SciPy's firwin)
Tests/SentioNumericsTests/Fixtures/
  npy-*.npy            small arrays of each type, rank and version
  fft.npy              float64 [2, 94+96]  two rows of 94 samples, then the 48 (re, im) pairs of numpy.fft.rfft

The signal is a formula, the same in Swift (Tests/SentioAudioTests/TestSignal.swift), so it is not stored.
"""
import json, os, subprocess, sys, tempfile, warnings
import librosa, numpy as np, scipy.signal, soundfile
from numpy.lib import format as npy

SR, N_FFT, HOP = 22050, 2048, 512


def signal(n=33075, sr=SR):
    """A rising tone, a tone that comes and goes, and noise from a linear congruential generator."""
    t = np.arange(n) / sr
    state, noise = 12345, np.empty(n)
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        noise[i] = (state >> 8) / 2**23 - 1
    x = 0.4 * np.sin(2 * np.pi * (220 * t + 300 * t * t))
    x += 0.2 * np.sin(2 * np.pi * 1760 * t) * (np.arange(n) // 5512 % 2)
    return (x + 0.05 * noise).astype(np.float32)


def tone():
    t = np.arange(44100) / SR
    x = 0.5 * np.sin(2 * np.pi * 440 * t)
    x[15000:30000] = 0
    return x.astype(np.float32)


def mel_power(y):
    return librosa.feature.melspectrogram(y=y, sr=SR, n_fft=N_FFT, hop_length=HOP, n_mels=128, fmin=20, fmax=8000)


def rows(y):
    S = np.abs(librosa.stft(y, n_fft=N_FFT, hop_length=HOP))
    onset = librosa.onset.onset_strength(y=y, sr=SR, hop_length=HOP)
    rms = librosa.feature.rms(y=y, frame_length=N_FFT, hop_length=HOP)
    out = [
        librosa.feature.mfcc(S=librosa.power_to_db(mel_power(y)), n_mfcc=13),
        librosa.feature.spectral_centroid(S=S, sr=SR),
        librosa.feature.spectral_bandwidth(S=S, sr=SR),
        librosa.feature.spectral_rolloff(S=S, sr=SR, roll_percent=0.85),
        librosa.feature.spectral_contrast(S=S, sr=SR),
        librosa.feature.zero_crossing_rate(y, frame_length=N_FFT, hop_length=HOP),
        rms,
        np.diff(rms, prepend=rms[:, :1]),
        librosa.feature.spectral_flatness(S=S),
        onset[None],
        librosa.feature.tempo(onset_envelope=onset, sr=SR, hop_length=HOP, aggregate=None)[None],
        librosa.feature.chroma_stft(S=S**2, sr=SR, tuning=0.0),
    ]
    return np.concatenate(out).astype(np.float64)


def features(y):
    r = rows(y)
    return np.stack([r.mean(1), r.std(1), r.min(1), r.max(1)], 1).ravel().tolist()


def main(root):
    warnings.simplefilter("ignore")
    audio, numerics = (os.path.join(root, "Tests", m, "Fixtures") for m in ("SentioAudioTests", "SentioNumericsTests"))
    y = signal()
    np.save(f"{audio}/signal.mel.npy", librosa.power_to_db(mel_power(y), ref=np.max))
    np.save(f"{audio}/signal.rows.npy", rows(y).astype(np.float32))
    json.dump({"signal": features(y), "short": features(y[:500]), "tone": features(tone())}, open(f"{audio}/features.json", "w"))
    for rate in (44100, 48000, 16000):
        np.save(f"{audio}/resample-{rate}.npy", librosa.resample(y[:4096], orig_sr=rate, target_sr=SR))

    with tempfile.TemporaryDirectory() as folder:
        left, right = signal(22050, 44100), signal(22050, 30000)
        soundfile.write(f"{folder}/a.wav", np.stack([left, right], 1), 44100)
        subprocess.run(["lame", "--quiet", "-b", "160", f"{folder}/a.wav", f"{audio}/stereo.mp3"], check=True)
    soundfile.write(f"{audio}/sweep.flac", y[:3000], SR, subtype="PCM_16")
    soundfile.write(f"{audio}/sweep.ogg", y[:6000], SR)
    np.save(f"{audio}/sweep.ogg.npy", librosa.load(f"{audio}/sweep.ogg", sr=SR)[0])
    soundfile.write(f"{audio}/stereo-24.flac", y[:2000].reshape(-1, 2), 96000, subtype="PCM_24")
    soundfile.write(f"{audio}/sweep.opus", y[:6000], 48000, format="OGG", subtype="OPUS")
    np.save(f"{audio}/sweep.opus.npy", soundfile.read(f"{audio}/sweep.opus", dtype="float32")[0])
    taps = scipy.signal.firwin(63, 0.5, window=("kaiser", 10))
    np.save(f"{audio}/half-band.npy", np.convolve(signal(9001, 44100).astype(np.float64), taps)[31:-31:2].astype(np.float32))
    np.save(f"{audio}/stereo.wave.npy", librosa.load(f"{audio}/stereo.mp3", sr=SR)[0])
    np.save(f"{audio}/stereo.part.npy", librosa.load(f"{audio}/stereo.mp3", sr=SR, offset=0.1, duration=0.2)[0])

    np.save(f"{numerics}/npy-float32.npy", np.arange(6, dtype="<f4").reshape(2, 3) / 4)
    np.save(f"{numerics}/npy-float64-scalar.npy", np.float64(0.1))
    np.save(f"{numerics}/npy-int64.npy", np.array([-1, 0, 2**62], dtype="<i8"))
    np.save(f"{numerics}/npy-empty.npy", np.zeros((3, 0, 2), dtype="<f4"))
    np.save(f"{numerics}/npy-fortran.npy", np.asfortranarray(np.ones((2, 3), dtype="<f8")))
    np.save(f"{numerics}/npy-int16.npy", np.zeros(3, dtype="<i2"))
    with open(f"{numerics}/npy-version2.npy", "wb") as f:
        npy.write_array(f, np.arange(4, dtype="<f8"), version=(2, 0))
    x = np.stack([signal(94), signal(188)[94:]]).astype(np.float64)
    s = np.fft.rfft(x, axis=1)
    np.save(f"{numerics}/fft.npy", np.concatenate([x, np.stack([s.real, s.imag], 2).reshape(2, 96)], 1))


if __name__ == "__main__":
    main(sys.argv[1])
