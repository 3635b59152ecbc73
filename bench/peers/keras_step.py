"""The train step of the bench models in Keras `fit` (graph mode) on TensorFlow.

usage: python keras_step.py dense|conv
Answers each line N on standard input with the milliseconds a step of one `fit` over N batches of 128, data in memory,
so that the bench can measure it in turn with ours.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import sys
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

BATCH, LATENT = 128, 16


def networks(kind):
    image = keras.Input((28, 28, 1))
    latent = keras.Input((LATENT,))
    if kind == "dense":
        hidden = layers.Dense(512, activation="relu")(layers.Flatten()(image))
        logits = layers.Dense(784)(layers.Dense(512, activation="relu")(latent))
        logits = layers.Reshape((28, 28, 1))(logits)
    else:
        hidden = image
        for filters in (32, 64):
            hidden = layers.Conv2D(filters, 3, 2, "same", activation="relu")(hidden)
        hidden = layers.Dense(128, activation="relu")(layers.Flatten()(hidden))
        logits = layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64, activation="relu")(latent))
        for filters in (64, 32):
            logits = layers.Conv2DTranspose(filters, 3, 2, "same", activation="relu")(logits)
        logits = layers.Conv2DTranspose(1, 3, 1, "same")(logits)
    encoder = keras.Model(image, [layers.Dense(LATENT)(hidden), layers.Dense(LATENT)(hidden)])
    return encoder, keras.Model(latent, logits)


class Vae(keras.Model):
    def __init__(self, kind):
        super().__init__()
        self.encoder, self.decoder = networks(kind)

    def call(self, images):
        return self.decoder(self.encoder(images)[0])

    def train_step(self, images):
        with tf.GradientTape() as tape:
            mean, log_variance = self.encoder(images, training=True)
            noise = tf.random.normal(tf.shape(mean))
            logits = self.decoder(mean + tf.exp(0.5 * log_variance) * noise, training=True)
            reconstruction = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(images, logits)) / BATCH
            kl = -0.5 * tf.reduce_sum(1 + log_variance - mean * mean - tf.exp(log_variance)) / BATCH
            loss = reconstruction + kl
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights))
        return {"loss": loss, "reconstruction": reconstruction, "kl": kl}


def main():
    vae = Vae(sys.argv[1])
    vae.compile(optimizer=keras.optimizers.Adam(1e-3), jit_compile=False)
    images = np.random.default_rng(0).random((BATCH * 100, 28, 28, 1), dtype="f4")
    vae.fit(images[: BATCH * 5], batch_size=BATCH, verbose=0)
    print("ready", flush=True)
    for line in sys.stdin:
        steps = int(line)
        data = images[: BATCH * steps]
        started = time.perf_counter()
        vae.fit(data, batch_size=BATCH, verbose=0)
        print((time.perf_counter() - started) / steps * 1e3, flush=True)


main()
