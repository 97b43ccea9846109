#include "audio_kernels.h"
#include "kernel.h"
#include <math.h>

void audio_add_note(float *out, int64_t count, double radiansPerSample, int64_t partials, float falloff,
                    float level, int64_t attackSamples, double decayPerSample, int64_t releaseSamples) {
    float amplitude = level;
    for (int64_t p = 1; p <= partials; p++, amplitude *= falloff) {
        double angle = radiansPerSample * (double)p;
        if (angle > 2.8) break; /* stay below Nyquist */
        double cosine = cos(angle), sine = sin(angle), x = 1, y = 0, envelope = 1;
        double decay = pow(decayPerSample, 1.0 + 0.15 * (double)(p - 1));
        for (int64_t i = 0; i < count; i++) {
            double gain = envelope;
            if (i < attackSamples) gain *= (double)i / (double)attackSamples;
            int64_t left = count - i;
            if (left < releaseSamples) gain *= (double)left / (double)releaseSamples;
            out[i] += (float)(y * gain) * amplitude;
            double turned = x * cosine - y * sine;
            y = x * sine + y * cosine;
            x = turned;
            envelope *= decay;
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
