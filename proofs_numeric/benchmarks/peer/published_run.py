#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs of published.cpp in PyTorch (Debian: python3-torch, libopenblas0), float32, weight form, no
autograd, by the published stopping rule; two runs at a time in processes of one thread each, which
is faster here than one run on two threads (--threads 2 does that).

    MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=4000000000 \\
        proofs_numeric/benchmarks/peer/published_run.py --activation tanh --width 3200

Prints the seconds that a cell of 50 runs would take, from those of --runs runs; --share S does the
first S of their steps only."""
import argparse
import math
import multiprocessing
import os
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # its threads and PyTorch's get into each other's way

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--activation", choices=["tanh", "linear"], default="tanh")
parser.add_argument("--width", type=int, default=3200)
parser.add_argument("--reg", type=float, default=0.002)
parser.add_argument("--runs", type=int, default=2)
parser.add_argument("--share", type=float, default=1.0)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
n, d, p = 50, 150, options.width
linear = options.activation == "linear"
rate = 1e-3 if linear else 0.1
least = math.floor(5000 * math.sqrt(p)) / 14
least = int(least + 0.5)


def run(seed):
    import torch

    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    torch.manual_seed(seed)
    psi = (lambda a: a) if linear else torch.tanh
    X = torch.randn(n, d)
    if linear:
        y = X @ torch.randn(d, 1)
    else:
        y = psi(torch.randn(p, d) @ X.T).T @ torch.randn(p, 1) / p**0.5
    W, beta, b = torch.randn(p, d), torch.randn(p, 1), torch.randn(p, 1)
    scale, kept = 2 * rate / n / p**0.5, 1 - rate * options.reg
    settled, seen, t = False, 0.0, 0
    most = math.ceil(options.share * least)
    start = time.perf_counter()
    while t < most and not (settled and t >= least):
        Psi = psi(W @ X.T)
        e = Psi.T @ beta / p**0.5 - y
        if t % 1000 == 999:
            loss = (e * e).mean().item()
            settled, seen = settled or abs(loss - seen) < 1e-3, loss
        update = b @ e.T if linear else (1 - Psi * Psi) * (b @ e.T)
        beta = kept * beta - scale * (Psi @ e)
        W = W - scale * (update @ X)
        t += 1
        if options.share == 1 and not settled:
            most = 10 * least
    cosine = torch.nn.functional.cosine_similarity(b, beta, 0).item()
    return t, time.perf_counter() - start, cosine


if __name__ == "__main__":
    at_once = 1 if options.threads > 1 else 2
    begin = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(at_once) as pool:
        ended = pool.map(run, range(1, options.runs + 1), 1)
    steps = sum(t for t, _, _ in ended) / len(ended)
    each = sum(seconds / t for t, seconds, _ in ended) / len(ended)
    whole = steps if options.share == 1 else least
    print(
        f"torch {options.activation} p={p}: {1000 * each:.3f} ms a step, {steps:.0f} steps done of {whole:.0f}, "
        f"cell of 50 runs {50 * whole * each / at_once:.0f} s, cosines " + " ".join(f"{c:.3f}" for _, _, c in ended)
    )
