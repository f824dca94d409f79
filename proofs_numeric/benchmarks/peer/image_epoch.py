#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The epoch of image_epoch.cpp in PyTorch (Debian: python3-torch), tuned: no autograd, every result
written into a tensor that is there already, the step added by the matrix product itself. Start it as

    MALLOC_MMAP_THRESHOLD_=1000000000 MALLOC_TRIM_THRESHOLD_=1000000000 \\
        proofs_numeric/benchmarks/peer/image_epoch.py --threads 2

N is the number of threads of the matrix products: Debian's PyTorch takes them from OpenBLAS, which
torch.set_num_threads does not reach. Its own threads spin while those of OpenBLAS work, so one is
fastest here (--torch-threads). Prints the seconds of every epoch and the least."""
import argparse
import gzip
import os
import pathlib
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--torch-threads", type=int, default=1)
parser.add_argument("--epochs", type=int, default=3)
options = parser.parse_args()
os.environ["OPENBLAS_NUM_THREADS"] = str(options.threads)  # read when the library is loaded

import torch  # noqa: E402

FOLDER = pathlib.Path("/usr/share/datasets/fashion-mnist")


def read(stem, header):
    data = gzip.open(FOLDER / f"{stem}-ubyte.gz").read()
    return torch.frombuffer(bytearray(data), dtype=torch.uint8)[header:]


def images():
    """Pixels with mean |x_i|^2 = 1, and labels."""
    x = read("train-images-idx3", 16).reshape(-1, 784).to(torch.float32)
    x /= x.square().sum(1).double().mean().sqrt().item()
    return x, read("train-labels-idx1", 8).to(torch.int64)


class Training:
    def __init__(self, x, labels, p, m, step, reg):
        self.x, self.labels, self.m, self.step, self.reg = x, labels, m, step, reg
        self.W, self.beta, self.b = torch.randn(p, 784), torch.randn(p, 10), torch.randn(p, 10)
        self.back = self.b.t().contiguous()
        self.batch, self.target = torch.empty(m, 784), torch.empty(m, dtype=torch.int64)
        self.h, self.delta = torch.empty(m, p), torch.empty(m, p)
        self.f, self.e, self.ones = torch.empty(m, 10), torch.empty(m, 10), -torch.ones(m, 1)
        self.column = self.target.unsqueeze(1)
        self.root = p**0.5

    def epoch(self):
        order = torch.randperm(len(self.x))
        for start in range(0, len(order) - self.m + 1, self.m):
            self.train_batch(order[start : start + self.m])
        return self.loss.item()

    def train_batch(self, chosen):
        torch.index_select(self.x, 0, chosen, out=self.batch)
        torch.index_select(self.labels, 0, chosen, out=self.target)
        torch.mm(self.batch, self.W.t(), out=self.h).relu_()
        torch.mm(self.h, self.beta, out=self.f).div_(self.root)
        log_p = torch.log_softmax(self.f, 1)
        self.loss = log_p.gather(1, self.column).mean().neg_()
        torch.exp(log_p, out=self.e).scatter_add_(1, self.column, self.ones)
        torch.mm(self.e, self.back, out=self.delta)
        # psi'(a), with h = relu(a): delta where h > 0, else 0, in one pass
        torch.ops.aten.threshold_backward(self.delta, self.h, 0, grad_input=self.delta)
        rate = self.step / (self.m * self.root)
        self.beta.addmm_(self.h.t(), self.e, beta=1 - self.step * self.reg, alpha=-rate)
        self.W.addmm_(self.delta.t(), self.batch, alpha=-rate)


def main():
    torch.set_num_threads(options.torch_threads)
    torch.manual_seed(1)
    torch.set_grad_enabled(False)
    training = Training(*images(), p=1000, m=600, step=1.0, reg=0.0)
    training.train_batch(torch.arange(600))
    seconds = []
    for _ in range(options.epochs):
        begin = time.perf_counter()
        loss = training.epoch()
        seconds.append(time.perf_counter() - begin)
    print(f"threads {options.threads}  loss {loss:.4f}  seconds an epoch:",
          " ".join(f"{s:.3f}" for s in seconds), f" least {min(seconds):.3f}")


main()
