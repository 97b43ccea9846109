#include "audio_kernels.h"
#include "kernel.h"
#include <math.h>

void audio_add_note(float *out, int64_t count, double radiansPerSample, int64_t partials, float falloff,
                    float level, int64_t attackSamples, double decayPerSample, int64_t releaseSamples) {
    float amplitude = level;
    float attackStep = 1.0f / (float)attackSamples, releaseStep = 1.0f / (float)releaseSamples;
    for (int64_t p = 1; p <= partials; p++, amplitude *= falloff) {
        double angle = radiansPerSample * (double)p;
        if (angle > 2.8) break;            /* stay below Nyquist */
        if (amplitude < 0.01f * level) break; /* 40 dB below the fundamental: inaudible */
        double cosine = cos(angle), sine = sin(angle);
        double decay = pow(decayPerSample, 1.0 + 0.15 * (double)(p - 1));
        /* A damped rotation: each sample rotates (x, y) by `angle` and scales it by `decay`. */
        float c = (float)(cosine * decay), s = (float)(sine * decay), x = amplitude, y = 0;
        int64_t releaseFrom = count - releaseSamples;
        for (int64_t i = 0; i < count; i++) {
            float gain = 1;
            if (i < attackSamples) gain = (float)i * attackStep;
            if (i > releaseFrom) gain *= (float)(count - i) * releaseStep;
            out[i] += y * gain;
            float turned = x * c - y * s;
            y = x * s + y * c;
            x = turned;
        }
    }
}

void audio_add_noise(float *out, int64_t count, uint32_t seed, float level, float decay) {
    uint32_t state = seed;
    for (int64_t i = 0; i < count; i++, level *= decay) {
        state = state * 1664525u + 1013904223u;
        out[i] += level * ((float)(state >> 8) * (2.0f / 16777216.0f) - 1.0f);
    }
}
