#!/usr/bin/env python3
"""Steps of fine-tuning a small musicnn with a head of two contexts, in PyTorch.

usage: make_finetune_fixtures.py     (needs torch, safetensors, numpy; writes Tests/SentioNNTests/Fixtures/finetune.safetensors)

The encoder is that of make_encoder_fixtures.py with its weights (`musicnn.safetensors`); batch norms keep their
statistics. Written: the head's weights, a batch, its prediction, the gradients of the first step, and all trained
weights after three steps of AdamW whose rate is halved from each depth to the one below.
"""
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

from make_encoder_fixtures import BANDS, HIDDEN, POOLED, ROOT, arrays, musicnn, musicnn_shapes, norm, random_weights, renamed

SAMPLES, CONTEXTS, OUTPUTS, RATE, FACTOR, DECAY, STEPS = 3, 2, 2, 1e-2, 0.5, 0.05, 3
WIDTH = 2 * POOLED + HIDDEN


def depth(name):
    """0 for the front end, 1 to 3 for the convolutions over time, 4 for the hidden layer, 5 for the head."""
    layer = name.split("/")[0]
    if layer.startswith("head"):
        return 5
    if layer in ("dense", "batch_normalization_9", "batch_normalization_10"):
        return 4
    number = int(layer.rsplit("_", 1)[1]) if layer[-1].isdigit() and "_" in layer else 0
    first = 5 if layer.startswith("conv2d_") else 6
    return max(0, number - first + 1)


def predict(w, head, x, place):
    layers = musicnn(w, x)
    flat = torch.stack([layers["max_pool"], layers["mean_pool"]], 2).reshape(len(x), -1)
    h = torch.cat([norm(flat, w, "batch_normalization_9"), layers["penultimate"]], 1)
    y = F.linear(h, head["head.output.weight"], head["head.output.bias"]) + place @ head["head.intercept.weight"].T
    for context in range(CONTEXTS):
        own = head["head.context.weight"][:, context * WIDTH:(context + 1) * WIDTH]
        y = y + place[:, context:context + 1] * (h @ own.T)
    return y


def main():
    w = random_weights(musicnn_shapes(), seed=len("musicnn"))
    generator = torch.Generator().manual_seed(32)
    shapes = {"head.output.weight": (OUTPUTS, WIDTH), "head.output.bias": (OUTPUTS,),
              "head.context.weight": (OUTPUTS, CONTEXTS * WIDTH), "head.intercept.weight": (OUTPUTS, CONTEXTS)}
    head = {name: 0.2 * torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    x = torch.rand((SAMPLES, 19, BANDS), generator=generator) * 3
    place, y = torch.tensor([[1.0, 0], [0, 1], [0, 0]]), torch.randn((SAMPLES, OUTPUTS), generator=generator)
    out = {f"weight:{name}": value.clone() for name, value in head.items()}
    trained = {name: value for name, value in w.items() if "moving_" not in name and not name.startswith("dense_1/")} | head
    for value in trained.values():
        value.requires_grad_(True)
    groups = [{"params": [value], "lr": RATE * FACTOR ** (5 - depth(name)), "weight_decay": DECAY if value.dim() > 1 else 0}
              for name, value in trained.items()]
    optimizer = torch.optim.AdamW(groups)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        prediction = predict(w, head, x, place)
        loss = F.mse_loss(prediction, y)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {name: value.grad if value.grad is not None else torch.zeros_like(value) for name, value in w.items()}
            out |= {f"gradient:{name}": value.clone() for name, value in renamed(gradients).items()}
            out |= {f"gradient:{name}": value.grad.clone() for name, value in head.items()}
            out["prediction"] = prediction.detach().clone()
        optimizer.step()
    out |= {f"trained:{name}": value.detach().clone() for name, value in (renamed(w) | head).items()}
    out |= {"x": x, "place": place, "y": y, "losses": torch.tensor(losses)}
    save_file(arrays(out), ROOT / "SentioNNTests/Fixtures/finetune.safetensors")


if __name__ == "__main__":
    main()
