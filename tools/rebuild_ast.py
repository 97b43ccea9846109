"""Rebuilds a network that `ast-train` made in PyTorch, and predicts songs with it: Sentio's numbers within 1e-4.

    sentio-pipeline artifacts export ast.model --to model
    sentio-pipeline artifacts export mels --to mels
    python tools/rebuild_ast.py model mels/*.npy          # prints song, valence, arousal
"""
import json, os, sys
import numpy as np, torch
from torch.nn.functional import gelu, layer_norm, linear, scaled_dot_product_attention


def load(path):  # `safetensors.torch.load_file`, for machines without it
    raw = open(path, "rb").read()
    start = 8 + int.from_bytes(raw[:8], "little")
    return {name: torch.from_numpy(np.frombuffer(raw[start + t["data_offsets"][0]:start + t["data_offsets"][1]], "<f4").reshape(t["shape"]).copy())
            for name, t in json.loads(raw[8:start]).items() if name != "__metadata__"}


def network(x, w, a):  # x: [N, mels, frames], scaled; w: weights; a: config["architecture"]
    norm = lambda x, name: layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-5)
    full = lambda x, name: linear(x, w[name + ".weight"], w[name + ".bias"])
    p, n = a["patch"], len(x)
    patches = x.unfold(1, p, a["stride"]).unfold(2, p, a["stride"]).reshape(n, -1, p * p)
    x = torch.cat([w["cls_token"].expand(n, 1, -1), full(patches, "patch_embed.proj")], 1) + w["pos_embed"]
    for b in (f"blocks.{i}." for i in range(a["depth"])):
        q, k, v = full(norm(x, b + "norm1"), b + "attn.qkv").reshape(n, -1, 3, a["heads"], a["dim"] // a["heads"]).permute(2, 0, 3, 1, 4)
        x = x + full(scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, -1, a["dim"]), b + "attn.proj")
        x = x + full(gelu(full(norm(x, b + "norm2"), b + "mlp.fc1")), b + "mlp.fc2")
    x = norm(x, "norm")
    x = x[:, 0] if a["pooling"] == "cls" else x.mean(1)
    return full(x, "head") if a["head_hidden"] == 0 else full(gelu(full(x, "head.0")), "head.1")


def crops(spectrogram, c):  # evenly spaced, scaled, short songs padded with the mean
    frames, s = c["frames"], c["normalisation"]
    mean, deviation = (s["mean"], s["deviation"]) if s["method"] == "dataset" else (spectrogram.mean(dtype="f8"), spectrogram.std(dtype="f8"))
    deviation = deviation if deviation ** 2 > 1e-12 * max(1, mean ** 2) else 1  # a silent song
    x, room = (spectrogram - mean) / deviation, spectrogram.shape[1] - frames
    count = max(1, min(c["crops"], room + 1))
    starts = [0] if room <= 0 else [room // 2] if count == 1 else [i * room // (count - 1) for i in range(count)]
    return np.stack([np.pad(x[:, s:s + frames], ((0, 0), (0, max(0, -room)))) for s in starts]).astype("f4")


def main(network):
    config, weights = json.load(open(sys.argv[1] + "/config.json")), load(sys.argv[1] + "/weights.safetensors")
    print("song_id", *config["output"]["dimensions"], sep=",")
    for path in sys.argv[2:]:
        with torch.no_grad():
            y = network(torch.from_numpy(crops(np.load(path), config["input"])), weights, config["architecture"]).double().mean(0)
        scale = config["output"]["scale"]
        print(os.path.basename(path)[:-4], *(scale["center"] + scale["half_range"] * y).tolist(), sep=",")


if __name__ == "__main__":
    main(network)
