#!/usr/bin/env python3
"""Small networks of the shapes of musicnn and vgg (Pons and Serra 2019) with random weights, in PyTorch, and a small wheel.

usage: make_encoder_fixtures.py     (needs torch, safetensors, numpy; writes into Tests/SentioNNTests/Fixtures and
                                     Tests/SentioPretrainedTests/Fixtures)

The networks follow TensorFlow's conventions (kernels HWIO, SAME padding with the odd zero behind, batch norm with epsilon
1e-3 behind the ReLU) on their own, so that the Swift models are compared with another reading of the paper's code. The
wheel is a ZIP file with a TensorFlow checkpoint written here from the format's description: tensors in raw form and an
SSTable of protocol buffers, whose keys share prefixes as in real ones.
"""
import pathlib
import struct
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Tests"


def random_weights(shapes, seed):
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, shape in shapes.items():
        value = torch.randn(shape, generator=generator)
        if name.endswith("kernel"):
            value /= np.sqrt(np.prod(shape[:-1]))
        if name.endswith("moving_variance"):
            value = value.abs() + 0.5
        weights[name] = value
    return weights


def norm_shapes(name, channels):
    return {f"{name}/{part}": (channels,) for part in ("gamma", "beta", "moving_mean", "moving_variance")}


def norm(x, weights, name):
    shape = [1, -1] + [1] * (x.dim() - 2)
    mean, variance, gamma, beta = (weights[f"{name}/{part}"].reshape(shape) for part in ("moving_mean", "moving_variance", "gamma", "beta"))
    return (x - mean) / torch.sqrt(variance + 1e-3) * gamma + beta


# musicnn

TIMBRAL, HEIGHTS, TEMPORAL, LENGTHS, WIDTH, HIDDEN, TAGS, BANDS = 3, [5, 8], 2, [8, 4, 2], 4, 6, 3, 12
FRONT = TIMBRAL * len(HEIGHTS) + TEMPORAL * len(LENGTHS)
POOLED = FRONT + 3 * WIDTH


def number(name, n):
    return name if n == 0 else f"{name}_{n}"


def musicnn_shapes():
    shapes = dict(norm_shapes("batch_normalization", 1))
    kernels = [(7, h, 1, TIMBRAL) for h in HEIGHTS] + [(n, 1, 1, TEMPORAL) for n in LENGTHS]
    kernels += [(7, FRONT, 1, WIDTH), (7, WIDTH, 1, WIDTH), (7, WIDTH, 1, WIDTH)]
    for n, kernel in enumerate(kernels):
        shapes[number("conv2d", n) + "/kernel"], shapes[number("conv2d", n) + "/bias"] = kernel, kernel[-1:]
        shapes |= norm_shapes(f"batch_normalization_{n + 1}", kernel[-1])
    shapes |= norm_shapes("batch_normalization_9", 2 * POOLED)
    shapes |= {"dense/kernel": (2 * POOLED, HIDDEN), "dense/bias": (HIDDEN,)}
    shapes |= norm_shapes("batch_normalization_10", HIDDEN)
    return shapes | {"dense_1/kernel": (HIDDEN, TAGS), "dense_1/bias": (TAGS,)}


def musicnn(w, x):
    x = norm(x[:, None], w, "batch_normalization")
    front = []
    for n in range(5):
        kernel = w[number("conv2d", n) + "/kernel"].permute(3, 2, 0, 1)
        time = kernel.shape[2] - 1
        padded = F.pad(x, (0, 0, time // 2, time - time // 2))
        y = norm(F.relu(F.conv2d(padded, kernel, w[number("conv2d", n) + "/bias"])), w, f"batch_normalization_{n + 1}")
        front.append(y.max(dim=3).values)
    layers = {"timbral": torch.cat(front[:2], 1), "temporal": torch.cat(front[2:], 1)}
    last, steps = torch.cat(front, 1), []
    for n in range(5, 8):
        kernel = w[f"conv2d_{n}/kernel"][:, :, 0, :].permute(2, 1, 0)
        y = norm(F.relu(F.conv1d(F.pad(last, (3, 3)), kernel, w[f"conv2d_{n}/bias"])), w, f"batch_normalization_{n + 1}")
        last = y if n == 5 else y + last
        steps.append(last)
        layers[f"cnn{n - 4}"] = last
    everything = torch.cat([torch.cat(front, 1)] + steps, 1)
    maximum, mean = everything.max(dim=2).values, everything.mean(dim=2)
    flat = norm(torch.stack([maximum, mean], 2).reshape(len(x), -1), w, "batch_normalization_9")
    penultimate = norm(F.relu(flat @ w["dense/kernel"] + w["dense/bias"]), w, "batch_normalization_10")
    logits = penultimate @ w["dense_1/kernel"] + w["dense_1/bias"]
    return layers | {"max_pool": maximum, "mean_pool": mean, "penultimate": penultimate, "logits": logits}


# vgg

CHANNELS, FRAMES, VGG_BANDS = 4, 70, 66
POOLS = [((4, 1), (2, 2)), ((2, 2), (2, 2)), ((2, 2), (2, 2)), ((2, 2), (2, 2)), ((4, 4), (4, 4))]


def vgg_shapes():
    shapes = dict(norm_shapes("batch_normalization", 1))
    for n in range(1, 6):
        shapes |= {f"{n}CNN/kernel": (3, 3, 1 if n == 1 else CHANNELS, CHANNELS), f"{n}CNN/bias": (CHANNELS,)}
        shapes |= norm_shapes(f"batch_normalization_{n}", CHANNELS)
    return shapes | {"dense/kernel": (CHANNELS, TAGS), "dense/bias": (TAGS,)}


def vgg(w, x):
    x, layers = norm(x[:, None], w, "batch_normalization"), {}
    for n, (window, stride) in enumerate(POOLS, 1):
        if n == 5:
            layers["mean_pool"] = x.mean(dim=(2, 3))
        y = F.conv2d(x, w[f"{n}CNN/kernel"].permute(3, 2, 0, 1), w[f"{n}CNN/bias"], padding=1)
        x = F.max_pool2d(norm(F.relu(y), w, f"batch_normalization_{n}"), window, stride)
        layers[f"pool{n}"] = x
    pooled = x.permute(0, 2, 3, 1).reshape(len(x), -1)
    return layers | {"pooled": pooled, "logits": pooled @ w["dense/kernel"] + w["dense/bias"]}


# The names and orders of axes that the Swift models have, written here by hand.

def renamed(weights):
    names = {"batch_normalization": "input_norm"}
    if "conv2d/kernel" in weights:
        for n in range(8):
            place = f"timbral.{n}" if n < 2 else f"temporal.{n - 2}" if n < 5 else f"cnn.{n - 5}"
            names[number("conv2d", n)] = place
            names[f"batch_normalization_{n + 1}"] = place.replace(".", "_norm.")
        names |= {"batch_normalization_9": "flat_norm", "dense": "hidden", "batch_normalization_10": "hidden_norm", "dense_1": "tags"}
    else:
        for n in range(1, 6):
            names[f"{n}CNN"], names[f"batch_normalization_{n}"] = f"cnn.{n - 1}", f"cnn_norm.{n - 1}"
        names["dense"] = "tags"
    parts = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var", "kernel": "weight", "bias": "bias"}
    out = {}
    for name, value in weights.items():
        layer, part = name.split("/")
        if part == "kernel" and value.dim() == 2:
            value = value.T
        elif part == "kernel" and "cnn." in names[layer] and "conv2d/kernel" in weights:
            value = value.permute(3, 1, 2, 0)
        elif part == "kernel":
            value = value.permute(3, 2, 0, 1)
        out[f"{names[layer]}.{parts[part]}"] = value
    return out


def arrays(tensors):
    return {name: np.ascontiguousarray(value.detach().numpy(), dtype=np.float32) for name, value in tensors.items()}


def write_network(name, shapes, network, x):
    weights = random_weights(shapes, seed=len(name))
    with torch.no_grad():
        layers = network(weights, x)
    tensors = {f"weight:{key}": value for key, value in renamed(weights).items()} | {f"layer:{key}": value for key, value in layers.items()}
    save_file(arrays(tensors | {"x": x}), ROOT / "SentioNNTests/Fixtures" / f"{name}.safetensors")
    return weights


# A TensorFlow checkpoint and the wheel around it.

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def masked(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(value):
    out = b""
    while value >= 128:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def block(entries):
    body, before = b"", b""
    for key, value in entries:
        shared = 0
        while shared < min(len(key), len(before)) and key[shared] == before[shared]:
            shared += 1
        body += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    return body + struct.pack("<II", 0, 1)


def checkpoint(variables):
    data, entries = b"", [(b"", b"\x08\x01\x1a\x02\x08\x01")]
    for name in sorted(variables):
        raw = variables[name].astype("<f4").tobytes()
        shape = b"".join(b"\x12" + varint(len(dim)) + dim for dim in (b"\x08" + varint(size) for size in variables[name].shape))
        entry = b"\x08\x01" + b"\x12" + varint(len(shape)) + shape
        if data:
            entry += b"\x20" + varint(len(data))
        entries.append((name.encode(), entry + b"\x28" + varint(len(raw)) + b"\x35" + struct.pack("<I", masked(raw))))
        data += raw
    index = b""

    def place(body):
        nonlocal index
        handle = varint(len(index)) + varint(len(body))
        index += body + b"\0" + struct.pack("<I", masked(body + b"\0"))
        return handle

    half = len(entries) // 2
    handles = [place(block(part)) for part in (entries[:half], entries[half:])]
    meta = place(block([]))
    footer = meta + place(block([(entries[half - 1][0], handles[0]), (entries[-1][0], handles[1])]))
    return index + footer.ljust(40, b"\0") + bytes.fromhex("57fb808b247547db"), data


def write_wheel(weights):
    variables = {name: value.numpy() for name, value in weights.items()} | {"global_step": np.zeros((), "f4")}
    index, data = checkpoint(variables)
    with zipfile.ZipFile(ROOT / "SentioPretrainedTests/Fixtures/small.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in [("small/.index", index), ("small/.data-00000-of-00001", data), ("small.dist-info/LICENSE.md", b"A licence.\n")]:
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".index") else zipfile.ZIP_DEFLATED
            wheel.writestr(info, content)
    tensors = {name: value for name, value in arrays(renamed(weights)).items()}
    save_file(tensors, ROOT / "SentioPretrainedTests/Fixtures/small.safetensors")


def main():
    torch.manual_seed(0)
    (ROOT / "SentioPretrainedTests/Fixtures").mkdir(parents=True, exist_ok=True)
    weights = write_network("musicnn", musicnn_shapes(), musicnn, torch.rand(2, 19, BANDS) * 3)
    write_network("vgg", vgg_shapes(), vgg, torch.rand(2, FRAMES, VGG_BANDS) * 3)
    write_wheel(weights)


if __name__ == "__main__":
    main()
