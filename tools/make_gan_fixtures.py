#!/usr/bin/env python3
"""Reference numbers for SentioNN's GAN from PyTorch: ops, losses, spectral norm, gradient penalty, ten training steps.

usage: make_gan_fixtures.py Tests/SentioNNTests/Fixtures

Writes gan-ops.safetensors (cases as in make_nn_fixtures.py) and for each way of training gan-NAME.safetensors: starting
weights of generator (`g:`) and critic (`d:`), for each step its noise, ratings, real spectrograms and mixing shares, the
losses, and all weights afterwards.
"""
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file
from torch.nn.utils import spectral_norm

from torch_cases import case, ops

out = Path(sys.argv[1])
MADE = {"made_by": f"tools/make_gan_fixtures.py with PyTorch {torch.__version__}"}


def channels(x, e):
    return torch.cat([x, e[:, :, None, None].expand(-1, -1, *x.shape[2:])], 1)


# Every path of a convolution between plain channels and groups of eight or sixteen.
for name, shape, kernels in (("wide", (3, 3, 10, 11), (16, 3, 4, 4)), ("one", (2, 1, 9, 12), (16, 1, 4, 4)),
                             ("grouped", (2, 16, 7, 10), (32, 16, 4, 4)), ("narrow", (3, 32, 6, 9), (1, 32, 4, 4))):
    case(f"strided-{name}", lambda x, w, b: F.conv2d(x, w, b, 2, 1), shape, kernels, (kernels[0],))
    small = F.conv2d(torch.zeros(shape), torch.zeros(kernels), None, 2, 1).shape
    more = [full - (2 * part - 2 - 2 + 4) for full, part in zip(shape[2:], small[2:])]
    case(f"transposed-{name}", lambda x, w, b: F.conv_transpose2d(x, w, b, 2, 1, more), tuple(small), kernels, (kernels[1],))
case("wide-odd-kernel", lambda x, w, b: F.conv2d(x, w, b, (1, 2), (2, 1)), (2, 2, 7, 8), (16, 2, 5, 3), (16,))
case("narrow-odd-kernel", lambda x, w, b: F.conv2d(x, w, b, (1, 2), (2, 1)), (2, 16, 7, 8), (1, 16, 5, 3), (1,))
for slope in (0.0, 0.2):
    norm = lambda x, w, b: F.leaky_relu(F.batch_norm(x, None, None, w, b, True), slope)
    case(f"norm-activation-{slope}", norm, (3, 16, 5, 7), (16,), (16,), scale=2)
    case(f"norm-activation-plain-{slope}", norm, (3, 3, 5, 9), (3,), (3,), scale=2)
case("condition-channels", channels, (3, 1, 4, 5), (3, 2))
case("row-dot", lambda x, y: (x * y).sum(1, keepdim=True), (4, 7), (4, 7))
case("spread", lambda x: x[:, None].expand(-1, 6, -1) / 6, (3, 5))
case("penalty", lambda g: ((g[:, :1].flatten(1).norm(2, 1) - 1) ** 2).mean().view(1), (3, 3, 4, 5))


def normed(shape):
    """One step of the power iteration from given singular vectors, then W / sigma."""
    def function(w, u, v):
        matrix = w.flatten(1)
        with torch.no_grad():
            v = F.normalize(matrix.t() @ u, dim=0, eps=1e-12)
            u = F.normalize(matrix @ v, dim=0, eps=1e-12)
        return w / torch.dot(u, matrix @ v)
    return function


case("spectral-norm", normed(None), (5, 3, 4, 4), (5,), (48,))
case("spectral-norm-row", normed(None), (1, 17), (1,), (17,))
losses = {}
torch.manual_seed(5)
scores = (torch.randn(7) * 3).requires_grad_()
for name, value in (("bce-real", F.binary_cross_entropy_with_logits(scores, torch.full((7,), 0.9))),
                    ("bce-fake", F.binary_cross_entropy_with_logits(scores, torch.zeros(7))),
                    ("bce-generator", F.binary_cross_entropy_with_logits(scores, torch.ones(7))),
                    ("hinge-real", F.relu(1 - scores).mean()), ("hinge-fake", F.relu(1 + scores).mean()),
                    ("hinge-generator", -scores.mean()), ("wasserstein-real", -scores.mean()),
                    ("wasserstein-fake", scores.mean()), ("wasserstein-generator", -scores.mean())):
    ops[f"loss-{name}/value"] = value.detach().view(1)
    ops[f"loss-{name}/gradient"] = torch.autograd.grad(value, scores)[0]
ops["loss/scores"] = scores.detach()
save_file({name: value.contiguous() for name, value in ops.items()}, out / "gan-ops.safetensors", MADE)


class Generator(nn.Module):
    def __init__(self, mels, frames, dim, noise=5):
        super().__init__()
        self.size = (dim, mels // 8, frames // 8)
        self.fc = nn.Linear(noise + 2, dim * (mels // 8) * (frames // 8))
        self.up = nn.Sequential(
            nn.ConvTranspose2d(dim, dim // 2, 4, 2, 1), nn.BatchNorm2d(dim // 2), nn.ReLU(),
            nn.ConvTranspose2d(dim // 2, dim // 4, 4, 2, 1), nn.BatchNorm2d(dim // 4), nn.ReLU(),
            nn.ConvTranspose2d(dim // 4, 1, 4, 2, 1), nn.Tanh())

    def forward(self, z, e):
        return self.up(self.fc(torch.cat([z, e], 1)).view(-1, *self.size))


class Discriminator(nn.Module):
    def __init__(self, mels, frames, dim, norm, projection, regresses=False):
        super().__init__()
        spectral = spectral_norm if norm == "spectral" else lambda layer: layer
        batch = nn.BatchNorm2d if norm == "batch" else lambda _: nn.Identity()
        c = [1 if projection else 3, dim // 4, dim // 2, dim, 1]
        layers = []
        for i in range(4):
            layers += [spectral(nn.Conv2d(c[i], c[i + 1], 4, 2, 1))] + ([batch(c[i + 1])] if i else []) + [nn.LeakyReLU(0.2)]
        self.conv, self.fc = nn.Sequential(*layers), spectral(nn.Linear(mels // 16 * (frames // 16), 1))
        self.projection = spectral(nn.Linear(2, dim, bias=False)) if projection else None
        self.regression = nn.Linear(dim, 2) if regresses else None

    def forward(self, x, e):
        return self.rated(x, e)[0]

    def rated(self, x, e):
        """Scores, and the ratings that the second head reads off the spectrograms."""
        h = x if self.projection else channels(x, e)
        for layer in self.conv[:8]:
            h = layer(h)
        score = self.fc(self.conv[8:](h).flatten(1))
        # The last maps before the one of a single channel, after their activation.
        means = h.mean((2, 3))
        read = self.regression(means) if self.regression else None
        return (score + (self.projection(e) * means).sum(1, keepdim=True) if self.projection else score), read


def state(model):
    rename = lambda key: key.replace("weight_orig", "weight")
    return {rename(k): v.clone() for k, v in model.state_dict().items() if "num_batches" not in k}


def train(name, loss, norm, projection, mels=16, frames=40, dim=32, batch=4, r1=0, regression=0):
    torch.manual_seed(sum(map(ord, name)))
    g, d = Generator(mels, frames, dim), Discriminator(mels, frames, dim, norm, projection, regression > 0)
    tensors = {f"g:{k}": v for k, v in state(g).items()} | {f"d:{k}": v for k, v in state(d).items()}
    og, od = (torch.optim.Adam(m.parameters(), 2e-4, (0.5, 0.999)) for m in (g, d))
    found = []
    for step in range(10):
        z, e, x = torch.randn(batch, 5), torch.rand(batch, 2) * 2 - 1, torch.rand(batch, 1, mels, frames) * 2 - 1
        tensors |= {f"z{step}": z, f"e{step}": e, f"x{step}": x}
        fake = g(z, e)
        real_scores, fake_scores = d(x, e), d(fake.detach(), e)
        if loss == "bce":
            ld = F.binary_cross_entropy_with_logits(real_scores, torch.full((batch, 1), 0.9)) + F.binary_cross_entropy_with_logits(fake_scores, torch.zeros(batch, 1))
        elif loss == "hinge":
            ld = F.relu(1 - real_scores).mean() + F.relu(1 + fake_scores).mean()
        else:
            share = torch.rand(batch)
            tensors[f"share{step}"] = share
            mixed = (share.view(-1, 1, 1, 1) * x + (1 - share.view(-1, 1, 1, 1)) * fake.detach()).requires_grad_()
            slope = torch.autograd.grad(d(mixed, e).sum(), mixed, create_graph=True)[0]
            ld = fake_scores.mean() - real_scores.mean() + 10 * ((slope.flatten(1).norm(2, 1) - 1) ** 2).mean()
        if r1:
            here = x.clone().requires_grad_()
            slope = torch.autograd.grad(d(here, e).sum(), here, create_graph=True)[0]
            ld = ld + r1 * slope.flatten(1).pow(2).sum(1).mean()
        if regression:
            ld = ld + regression * F.mse_loss(d.rated(x, e)[1], e)
        od.zero_grad(); ld.backward()
        if step == 0:
            tensors |= {f"gradient:d:{k}": p.grad.clone() for k, p in ((k.replace("weight_orig", "weight"), p) for k, p in d.named_parameters())}
        od.step()
        scores = d(fake, e)
        lg = F.binary_cross_entropy_with_logits(scores, torch.ones(batch, 1)) if loss == "bce" else -scores.mean()
        if regression:
            lg = lg + regression * F.mse_loss(d.rated(fake, e)[1], e)
        og.zero_grad(); lg.backward()
        if step == 0:
            tensors |= {f"gradient:g:{k}": p.grad.clone() for k, p in g.named_parameters()}
        og.step()
        found.append([ld.item(), lg.item()])
    tensors |= {f"trained:g:{k}": v for k, v in state(g).items()} | {f"trained:d:{k}": v for k, v in state(d).items()}
    g.eval(); d.eval()
    tensors["made"] = g(tensors["z0"], tensors["e0"]).detach()
    tensors["scores"] = d(tensors["x0"], tensors["e0"]).detach()
    tensors["losses"] = torch.tensor(found)
    save_file({k: v.detach().contiguous() for k, v in tensors.items()}, out / f"gan-{name}.safetensors", MADE)


train("bce", "bce", "batch", False)
train("hinge", "hinge", "spectral", True, mels=24, frames=32)
# Every layer's own length is odd somewhere; channels that fit no group.
train("wasserstein", "wasserstein", "none", False, mels=24, frames=40)
train("wasserstein-projection", "wasserstein", "none", True, mels=16, frames=24, dim=12, batch=3)
# R1 on real spectrograms, and a second head that reads ratings.
train("r1", "bce", "none", True, mels=16, frames=16, dim=12, batch=3, r1=200, regression=2)
