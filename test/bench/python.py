"""The losses of python.bench.ts, and the loops in Python with which their runs are compared: python.py NAME STEPS prints seconds."""

import sys
import time

import numpy as np

A = np.arange(100.0).reshape(10, 10) / 100 + np.eye(10)


def small(w: np.ndarray):
    r = A @ w
    return np.dot(r, r)


def small_gradient(w):
    return 2 * (A.T @ (A @ w))


small_start = np.ones(10)


def wide(w: np.ndarray):
    return np.dot(w, w)


def wide_gradient(w):
    return 2 * w


wide_start = np.ones(1_000_000)


def bare(name, steps):
    """Adam in numpy with the same gradient calls. Seconds."""
    loss, gradient, w = (globals()[name + suffix] for suffix in ("", "_gradient", "_start"))
    w = w.copy()
    m, v = np.zeros_like(w), np.zeros_like(w)
    start = time.perf_counter()
    for t in range(1, steps + 1):
        loss(w)
        g = gradient(w)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w -= 0.001 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return time.perf_counter() - start


def copied(count):
    """A vector of 1e6 numbers through a pipe to another process and back, `count` times. Seconds."""
    import os

    size = wide_start.nbytes
    out, there = os.pipe()
    back, home = os.pipe()

    def send(end, data):
        view = memoryview(data)
        while view:
            view = view[os.write(end, view) :]

    def receive(end, data):
        view = memoryview(data)
        while view:
            view = view[os.readv(end, [view]) :]

    data = bytearray(size)
    if os.fork() == 0:
        for _ in range(count):
            receive(out, data)
            send(home, data)
        os._exit(0)
    start = time.perf_counter()
    for _ in range(count):
        send(there, data)
        receive(back, data)
    return time.perf_counter() - start


if __name__ == "__main__":
    name, steps = sys.argv[1], int(sys.argv[2])
    print(copied(steps) if name == "copied" else bare(name, steps))
