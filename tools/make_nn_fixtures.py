#!/usr/bin/env python3
"""Reference numbers for SentioNN from PyTorch: values, gradients, and losses of ten training steps.

usage: make_nn_fixtures.py Tests/SentioNNTests/Fixtures

Writes ops.safetensors (for each case `NAME/input0`…, `NAME/seed` that is sent back, `NAME/output`, `NAME/gradient0`…)
and for each network a file with its weights, one batch, the prediction, the loss's gradient, the losses of ten AdamW
steps, and the prediction in evaluation mode after them.
"""
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

from torch_cases import case, ops

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
MADE = {"made_by": f"tools/make_nn_fixtures.py with PyTorch {torch.__version__}"}


def recurrent(kind, inputs, width, bidirectional):
    layer = kind(inputs, width, batch_first=True, bidirectional=bidirectional)
    names = [name for name, _ in layer.named_parameters()]
    return lambda x, *weights: torch.func.functional_call(layer, dict(zip(names, weights)), (x,))[0]


def attention_of_packed(qkv, heads=2):
    n, t, d = qkv.shape
    q, k, v = qkv.view(n, t, 3, heads, d // 3 // heads).permute(2, 0, 3, 1, 4)
    return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, t, d // 3)


def mixed(function):
    """In PyTorch's mixed precision: factors, results and gradients of products rounded to bfloat16."""
    def run(*inputs):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return function(*inputs).float()
    return run


def attention_pooling(x, q):
    return (torch.softmax(x @ q / x.shape[2] ** 0.5, 1)[..., None] * x).sum(1)


def batch_norm(x, weight, bias):
    return F.batch_norm(x, None, None, weight, bias, training=True)


def norm_pool(x, weight, bias):
    return F.max_pool2d(F.relu(batch_norm(x, weight, bias)), (2, 3))


case("linear", F.linear, (3, 4, 7), (5, 7), (5,))
case("layer-norm", lambda x, w, b: F.layer_norm(x, (21,), w, b), (4, 21), (21,), (21,))
case("gelu", F.gelu, (4, 19), scale=2)
case("attention", attention_of_packed, (2, 13, 24))
case("linear-bf16", mixed(F.linear), (3, 40, 70), (50, 70), (50,))
case("attention-bf16", mixed(attention_of_packed), (2, 13, 24))
case("conv2d", lambda x, w, b: F.conv2d(x, w, b, padding=1), (3, 5, 7, 9), (6, 5, 3, 3), (6,))
case("conv2d-strided", lambda x, w, b: F.conv2d(x, w, b, stride=(2, 3), padding=(1, 2)), (2, 3, 8, 11), (4, 3, 4, 5), (4,))
case("conv2d-one-channel", lambda x, w, b: F.conv2d(x, w, b, padding=1), (3, 1, 7, 13), (16, 1, 3, 3), (16,))
case("conv2d-one-channel-strided", lambda x, w, b: F.conv2d(x, w, b, stride=2, padding=1), (2, 1, 8, 11), (16, 1, 4, 4), (16,))
case("conv2d-grouped", lambda x, w, b: F.conv2d(x, w, b, padding=1), (2, 16, 5, 7), (32, 16, 3, 3), (32,))
case("conv1d", lambda x, w, b: F.conv2d(x, w, b, padding=(0, 1)), (2, 5, 1, 17), (7, 5, 1, 3), (7,))
case("conv-transpose2d", lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2, padding=1), (2, 5, 3, 4), (5, 3, 4, 4), (3,))
case("max-pool2d", lambda x: F.max_pool2d(x, (2, 4)), (2, 3, 7, 14))
case("max-pool2d-strided", lambda x: F.max_pool2d(x, 3, 2), (2, 3, 7, 14))
case("batch-norm", batch_norm, (3, 5, 4, 7), (5,), (5,))
case("batch-norm-rows", batch_norm, (11, 6), (6,), (6,))
case("norm-pool", norm_pool, (3, 16, 5, 11), (16,), (16,))
case("relu", F.relu, (4, 19))
case("leaky-relu", lambda x: F.leaky_relu(x, 0.2), (4, 19))
case("tanh", torch.tanh, (4, 19), scale=2)
case("sigmoid", torch.sigmoid, (4, 19), scale=2)
case("permute", lambda x: x.permute(0, 3, 1, 2), (2, 3, 5, 4))
case("attention-pooling", attention_pooling, (3, 7, 5), (5,))
for kind, name, gates in ((nn.LSTM, "lstm", 4), (nn.GRU, "gru", 3)):
    one = [(gates * 6, 5), (gates * 6, 6), (gates * 6,), (gates * 6,)]
    case(name, recurrent(kind, 5, 6, False), (3, 9, 5), *one)
    case(f"{name}-both-ways", recurrent(kind, 5, 6, True), (2, 4, 5), *one, *one)
    case(f"{name}-one-step", recurrent(kind, 5, 6, True), (2, 1, 5), *one, *one)
save_file({name: value.contiguous() for name, value in ops.items()}, out / "ops.safetensors", MADE)


def train(name, model, x, y, rename=lambda name: name, shape=lambda tensor: tensor):
    """Ten steps of AdamW (1e-2, decay 0.05 of all but vectors), dropout 0."""
    tensors = {"x": x, "y": y}
    for key, value in model.state_dict().items():
        if "num_batches_tracked" not in key:
            tensors["weight:" + rename(key)] = shape(value.clone())
    model.train()
    parameters = list(model.named_parameters())
    # Class token and positions have three axes but do not decay.
    decayed = [p for n, p in parameters if p.ndim > 1 and n not in ("cls_token", "pos_embed")]
    others = [p for n, p in parameters if not any(p is d for d in decayed)]
    optimizer = torch.optim.AdamW([dict(params=decayed, weight_decay=0.05), dict(params=others, weight_decay=0.0)], 1e-2)
    losses = []
    for step in range(10):
        optimizer.zero_grad()
        prediction = model(x)
        loss = F.mse_loss(prediction, y)
        loss.backward()
        if step == 0:
            tensors["prediction"] = prediction.detach().clone()
            for key, parameter in parameters:
                tensors["gradient:" + rename(key)] = shape(parameter.grad.clone())
        optimizer.step()
        losses.append(loss.item())
    for key, value in model.state_dict().items():
        if "running_var" in key:
            tensors["trained:" + rename(key)] = value.clone()
    model.eval()
    tensors["losses"], tensors["trained"] = torch.tensor(losses), model(x).detach()
    save_file({key: value.contiguous() for key, value in tensors.items()}, out / f"{name}.safetensors", MADE)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        return self.proj(attention_of_packed(self.qkv(x), self.heads))


class Block(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1, self.attn, self.norm2 = nn.LayerNorm(width), Attention(width, heads), nn.LayerNorm(width)
        self.mlp = nn.Module()
        self.mlp.fc1, self.mlp.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp.fc2(F.gelu(self.mlp.fc1(self.norm2(x))))


class AST(nn.Module):
    """[8, 13] in patches of 4 every 3; width 8."""
    def __init__(self):
        super().__init__()
        self.cls_token, self.pos_embed = nn.Parameter(torch.randn(1, 1, 8) * 0.02), nn.Parameter(torch.randn(1, 9, 8) * 0.02)
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Linear(16, 8)
        self.blocks = nn.Sequential(*[Block(8, 2, 16) for _ in range(2)])
        self.norm, self.head = nn.LayerNorm(8), nn.Linear(8, 2)

    def forward(self, x):
        proj = self.patch_embed.proj
        x = F.conv2d(x[:, None], proj.weight.view(8, 1, 4, 4), proj.bias, stride=3).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


class Pooling(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query = nn.Parameter(torch.randn(width))

    def forward(self, x):
        return attention_pooling(x, self.query)


class CRNN(nn.Module):
    def __init__(self, channels, pools, rows, kind, pooling):
        super().__init__()
        layers, before = [], 1
        for c, pool in zip(channels, pools):
            layers += [nn.Conv2d(before, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU(), nn.MaxPool2d(pool), nn.Dropout(0)]
            before = c
        self.conv, self.rnn = nn.Sequential(*layers), kind(before * rows, 6, 2, batch_first=True, bidirectional=True)
        self.pooling = Pooling(12) if pooling == "attention" else None
        self.head = nn.Sequential(nn.Linear(12, 5), nn.ReLU(), nn.Linear(5, 2))

    def forward(self, x):
        y, _ = self.rnn(self.conv(x[:, None]).permute(0, 3, 1, 2).flatten(2))
        return self.head(self.pooling(y) if self.pooling else y.mean(1))


class FeatureCRNN(nn.Module):
    """The study's one-dimensional form, narrow; `rnn` is two LSTMs of different width, as Keras stacks them."""
    def __init__(self):
        super().__init__()
        layers, before = [], 5
        for c in (6, 8):
            layers += [nn.Conv1d(before, c, 3, padding=1), nn.ReLU(), nn.BatchNorm1d(c), nn.Conv1d(c, c, 3, padding=1), nn.ReLU(),
                       nn.MaxPool1d(2), nn.Dropout(0)]
            before = c
        self.conv = nn.Sequential(*layers)
        self.first, self.second = nn.LSTM(8, 7, batch_first=True), nn.LSTM(7, 4, batch_first=True)
        self.head = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3), nn.ReLU(), nn.Linear(3, 2))

    def forward(self, x):
        y = self.second(self.first(self.conv(x.transpose(1, 2)).transpose(1, 2))[0])[0]
        return self.head(y[:, -1])


class SequenceTransformer(nn.Module):
    """Steps of 5 values to 2 ratings a step; width 8. The first row of a sample is its number of steps."""
    def __init__(self):
        super().__init__()
        self.project, self.blocks = nn.Linear(5, 8), nn.Sequential(*[Block(8, 2, 32) for _ in range(2)])
        self.norm, self.head = nn.LayerNorm(8), nn.Linear(8, 2)

    def forward(self, x):
        lengths, x = x[:, 0, 0], self.project(x[:, 1:])
        places = torch.arange(x.shape[1])
        angles = places[:, None] / 10000 ** (torch.arange(0, 8, 2) / 8)
        x = x + torch.stack([angles.sin(), angles.cos()], 2).flatten(1)
        seen = (places < lengths[:, None])[:, None, None]           # [N, heads, queries, keys]
        for block in self.blocks:
            q, k, v = block.attn.qkv(block.norm1(x)).unflatten(2, (3, 2, 4)).permute(2, 0, 3, 1, 4)
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
            x = x + block.attn.proj(mixed.transpose(1, 2).flatten(2))
            x = x + block.mlp.fc2(F.gelu(block.mlp.fc1(block.norm2(x))))
        return self.head(self.norm(x)).flatten(1)


def flat(tensor):
    """Kernels of a signal as those of a picture one row high."""
    return tensor[:, :, None] if tensor.ndim == 3 else tensor


def feature_name(name):
    return name.replace("first.", "rnn.").replace("second.", "rnn.").replace("_l0", "_l1") if name.startswith("second.") \
        else name.replace("first.", "rnn.")


torch.manual_seed(1)
train("ast", AST(), torch.randn(4, 8, 13), torch.randn(4, 2))
train("crnn-lstm", CRNN([16, 32], [(2, 4), (3, 2)], 1, nn.LSTM, "mean"), torch.randn(4, 8, 45), torch.randn(4, 2))
train("crnn-gru", CRNN([6, 10], [(2, 4), (2, 2)], 2, nn.GRU, "attention"), torch.randn(3, 9, 37), torch.randn(3, 2))
train("crnn-features", FeatureCRNN(), torch.randn(4, 22, 5), torch.randn(4, 2), feature_name, flat)
sequences = torch.randn(3, 1 + 21, 5)
sequences[:, 0] = 0
sequences[:, 0, 0] = torch.tensor([21.0, 13.0, 1.0])
train("sequence-attention", SequenceTransformer(), sequences, torch.randn(3, 21 * 2))
