"""Cases of PyTorch ops with their gradients, for the fixtures of SentioNN. A module; make_nn_fixtures.py and make_gan_fixtures.py run it."""
import torch

torch.set_num_threads(1)
ops = {}


def case(name, function, *shapes, scale=1.0):
    """Inputs from a normal distribution; the gradient of sum(seed * output)."""
    torch.manual_seed(sum(map(ord, name)))
    inputs = [(torch.randn(shape) * scale).requires_grad_() for shape in shapes]
    output = function(*inputs)
    seed = torch.randn(output.shape)
    gradients = torch.autograd.grad((output * seed).sum(), inputs, allow_unused=True)
    for i, (value, gradient) in enumerate(zip(inputs, gradients)):
        ops[f"{name}/input{i}"] = value.detach()
        if gradient is not None:
            ops[f"{name}/gradient{i}"] = gradient
    ops[f"{name}/seed"], ops[f"{name}/output"] = seed, output.detach()
