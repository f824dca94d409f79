#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The step of fa_step.cpp in PyTorch (Debian: python3-torch, libopenblas0), weight form as published.
Usage: fa_step.py [--threads N] [--blas-threads N] [--bits 64|32] [--width P] [--linear]
OpenBLAS has threads of its own, which torch.set_num_threads does not reach and which get into the way
of PyTorch's: --threads 2 --blas-threads 1 is the fastest pair here.
Tuned: MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=4000000000 fa_step.py ..."""
import argparse
import os
import time

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("--threads", type=int, default=1)
options.add_argument("--blas-threads", type=int, default=1)
options.add_argument("--bits", choices=["64", "32"], default="64")
options.add_argument("--width", type=int, default=12800)
options.add_argument("--linear", action="store_true", help="psi(x) = x, without its derivative")
given = options.parse_args()
os.environ["OPENBLAS_NUM_THREADS"] = str(given.blas_threads)  # read when the library is loaded

import torch  # noqa: E402

torch.set_num_threads(given.threads)
real = torch.float64 if given.bits == "64" else torch.float32
n, d, p, eta = 50, 150, given.width, 0.004
X = torch.randn(n, d, dtype=real) / d**0.5
y = X @ torch.randn(d, 1, dtype=real)
W = torch.randn(p, d, dtype=real)
beta, b = torch.randn(p, 1, dtype=real), torch.randn(p, 1, dtype=real)
scale = eta / p**0.5


def step():
    global W, beta
    Psi = W @ X.T if given.linear else torch.tanh(W @ X.T)
    e = Psi.T @ beta / p**0.5 - y
    update = b @ e.T if given.linear else (1 - Psi * Psi) * (b @ e.T)
    beta = beta - scale * (Psi @ e)
    W = W - scale * (update @ X)


for _ in range(5):
    step()
times = []
for _ in range(9):
    start = time.perf_counter()
    for _ in range(10):
        step()
    times.append((time.perf_counter() - start) * 100)
print(f"torch float{given.bits} p={p} threads={given.threads}+{given.blas_threads}: median {sorted(times)[4]:.2f} ms a step")
