"""Rebuilds a network that `crnn-train` made in PyTorch, and predicts songs with it: Sentio's numbers within 1e-4.

    sentio-pipeline artifacts export crnn.model --to model
    sentio-pipeline artifacts export mels --to mels
    python tools/rebuild_crnn.py model mels/*.npy          # prints song, valence, arousal
"""
import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
from torch import nn
from torch.nn.functional import batch_norm, conv1d, conv2d, linear, max_pool2d, relu
from rebuild_ast import main


def recurrent(x, w, a, layer):  # one layer, in one direction or both
    cell = (nn.LSTM if a["cell"] == "lstm" else nn.GRU)(x.shape[2], a["widths"][layer], batch_first=True, bidirectional=a["bidirectional"])
    cell.load_state_dict({name: w[f"rnn.{name.replace('_l0', f'_l{layer}')}"] for name in cell.state_dict()})
    return cell(x)[0]


def network(x, w, a):  # x: [N, mels, frames], scaled; w: weights; a: config["architecture"]
    norm = lambda x, i: batch_norm(x, *(w[f"conv.{i}.{name}"] for name in ("running_mean", "running_var", "weight", "bias")))
    is_flat = a["form"] == "feature-frames"
    x = x if is_flat else x[:, None]
    for i, pool in enumerate(a["pool"]):
        if is_flat:  # convolution over time, ReLU, norm, convolution, ReLU, pool
            i *= 7
            kernel = lambda i: w[f"conv.{i}.weight"].reshape(w[f"conv.{i}.weight"].shape[0], -1, 3)
            x = norm(relu(conv1d(x, kernel(i), w[f"conv.{i}.bias"], padding=1)), i + 2)
            x = max_pool2d(relu(conv1d(x, kernel(i + 3), w[f"conv.{i + 3}.bias"], padding=1)), pool)
        else:
            x = max_pool2d(relu(norm(conv2d(x, w[f"conv.{5 * i}.weight"], w[f"conv.{5 * i}.bias"], padding=1), 5 * i + 1)), pool)
    x = x.transpose(1, 2) if is_flat else x.permute(0, 3, 1, 2).flatten(2)
    for layer in range(len(a["widths"])):
        x = recurrent(x, w, a, layer)
    if a["pooling"] == "attention":
        x = (torch.softmax(x @ w["pooling.query"] / x.shape[2] ** 0.5, 1)[..., None] * x).sum(1)
    else:
        x = x.mean(1) if a["pooling"] == "mean" else x[:, -1]
    layers = sorted({int(name.split(".")[1]) for name in w if name.startswith("head.")})
    for i in layers:
        x = linear(x if i == layers[0] else relu(x), w[f"head.{i}.weight"], w[f"head.{i}.bias"])
    return x


if __name__ == "__main__":
    main(network)
