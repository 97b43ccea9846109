#!/usr/bin/env python3
"""Writes the files that SentioAudioTests takes pages and frames from, with ffmpeg (libvorbis, libopus) and flac out of sweep.flac there.

usage: make_damage_fixtures.py REPOSITORY_ROOT

Tests/SentioAudioTests/Fixtures/
  paged.ogg    sweep.flac (3000 samples, 22 050 Hz, mono) as Vorbis, one packet a page
  paged.opus   the same at 48 kHz as Opus, 20 ms a page
  paged.oga    the same as FLAC in Ogg, blocks of 576 samples, one a page
  paged.flac   the same as native FLAC, blocks of 576 samples
  video.ogv    paged.ogg with 0.4 s of Theora video, two streams side by side

The tests need not know the sound: whole files must be as long as sweep.flac, and the same where the codec is FLAC. The damage is done
by the tests.
"""
import os
import subprocess
import sys


def main(root):
    folder = os.path.join(root, "Tests", "SentioAudioTests", "Fixtures")
    source = ["-i", os.path.join(folder, "sweep.flac"), "-map_metadata", "-1", "-fflags", "+bitexact"]
    outputs = {
        "paged.ogg": ["-c:a", "libvorbis", "-q:a", "0", "-page_duration", "1"],
        "paged.opus": ["-ar", "48000", "-c:a", "libopus", "-b:a", "24k", "-page_duration", "1"],
        "paged.oga": ["-c:a", "flac", "-frame_size", "576", "-page_duration", "1", "-f", "ogg"],
    }
    for name, options in outputs.items():
        subprocess.run(["ffmpeg", "-v", "error", "-y", *source, *options, os.path.join(folder, name)], check=True)
    subprocess.run(
        ["flac", "-s", "-f", "-b", "576", "--no-padding", "--no-seektable", "-o", os.path.join(folder, "paged.flac"),
         os.path.join(folder, "sweep.flac")], check=True)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=d=0.4:s=32x32:r=10", "-i", os.path.join(folder, "paged.ogg"),
         "-c:v", "libtheora", "-c:a", "copy", "-fflags", "+bitexact", "-f", "ogg", os.path.join(folder, "video.ogv")], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
