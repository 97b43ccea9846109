#!/usr/bin/env python3
"""Compares `embed` with activations of the original network: layers of whole songs, exported by the real binary.

usage: check_encoder.py EXPORTED_FOLDER GOLDEN.npz NAME SONG…
       EXPORTED_FOLDER: `sentio-pipeline artifacts export embeddings --to EXPORTED_FOLDER`
       GOLDEN.npz: keys SONG/NAME/LAYER for the first patch, SONG/NAME/LAYER_songmean for means over all patches
       NAME: musicnn or vgg

Prints each layer's largest difference, absolute and relative to the layer's largest magnitude; exit 1 above 1e-4 relative.
"""
import sys

import numpy as np

PARTS = {
    "musicnn": [("penultimate", 200), ("mean_pool", 753), ("max_pool", 753), ("logits", 50)],
    "vgg": [("pool5", 256), (None, 128), ("logits", 50)],
}


def main():
    folder, golden, name, *songs = sys.argv[1:]
    golden, worst = np.load(golden), 0.0
    for song in songs:
        values, start = np.load(f"{folder}/{song}.npy"), 0
        for part, size in PARTS[name]:
            found, start = values[:, start:start + size], start + size
            for key, ours in [(f"{song}/{name}/{part}", found[0]), (f"{song}/{name}/{part}_songmean", found.mean(axis=0))]:
                if part is None or key not in golden:
                    continue
                expected = golden[key].reshape(-1)
                difference = float(np.abs(ours - expected).max())
                relative = difference / max(1.0, float(np.abs(expected).max()))
                worst = max(worst, relative)
                print(f"{key:40} {difference:.2e} absolute {relative:.2e} relative")
    print(f"worst {worst:.2e}")
    sys.exit(worst > 1e-4)


if __name__ == "__main__":
    main()
