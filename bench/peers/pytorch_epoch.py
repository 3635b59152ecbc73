"""An epoch of the 784-400-20 variational autoencoder in PyTorch eager mode, the images in memory as floats.

usage: python pytorch_epoch.py IDX_IMAGE_FILE
Answers each line N on standard input with the seconds of N shuffled batches of 128 (469 is a whole epoch of 60,000).
"""

import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BATCH, LATENT = 128, 20


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 400)
        self.mean = nn.Linear(400, LATENT)
        self.log_variance = nn.Linear(400, LATENT)
        self.expand = nn.Linear(LATENT, 400)
        self.logits = nn.Linear(400, 784)

    def loss(self, images):
        hidden = F.relu(self.hidden(images))
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        latent = mean + torch.exp(0.5 * log_variance) * torch.randn_like(log_variance)
        logits = self.logits(F.relu(self.expand(latent)))
        reconstruction = F.binary_cross_entropy_with_logits(logits, images, reduction="sum")
        kl = -0.5 * torch.sum(1 + log_variance - mean * mean - log_variance.exp())
        return (reconstruction + kl) / len(images)


def main():
    torch.manual_seed(0)
    pixels = np.fromfile(sys.argv[1], dtype=np.uint8)[16:].reshape(-1, 784)
    images = torch.from_numpy(pixels.astype("f4") / 255)
    vae = Vae()
    adam = torch.optim.Adam(vae.parameters(), 1e-3)

    def train(steps):
        order = torch.randperm(len(images))
        total = 0.0
        for step in range(steps):
            adam.zero_grad()
            loss = vae.loss(images[order[step * BATCH : (step + 1) * BATCH]])
            loss.backward()
            adam.step()
            total += loss.item()
        return total / steps

    train(20)
    print("ready", flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        train(int(line))
        print(time.perf_counter() - started, flush=True)


main()
