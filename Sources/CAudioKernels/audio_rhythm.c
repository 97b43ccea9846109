#include "audio_kernels.h"
#include "kernel.h"

SENTIO_KERNEL
void audio_positive_flux(const float *db, int64_t rows, int64_t stride, int64_t frames, float *out) {
    for (int64_t t = 0; t < frames; t++) out[t] = 0;
    for (int64_t row = 0; row < rows; row++) {
        const float *value = db + row * stride;
        for (int64_t t = 1; t < frames; t++) {
            float rise = value[t] - value[t - 1];
            out[t] += rise > 0 ? rise : 0;
        }
    }
    for (int64_t t = 0; t < frames; t++) out[t] /= (float)rows;
}

SENTIO_KERNEL
void audio_square_spectrum(float *spectrum, int64_t pairs) {
    for (int64_t i = 0; i < pairs; i++) {
        float re = spectrum[2 * i], im = spectrum[2 * i + 1];
        spectrum[2 * i] = re * re + im * im;
        spectrum[2 * i + 1] = 0;
    }
}

SENTIO_KERNEL
int64_t audio_best_lag(const float *r, const float *prior, int64_t first, int64_t lags, float gain) {
    float largest = 0;
    for (int64_t i = 0; i < lags; i++) largest = r[i] > largest ? r[i] : largest;
    float scale = largest > 1.17549435e-38f ? gain / largest : gain;
    float best = -1;
    int64_t at = first;
    for (int64_t i = first; i < lags; i++) {
        float value = (1.0f + (r[i] > 0 ? r[i] : 0) * scale) * prior[i];
        if (value > best) {
            best = value;
            at = i;
        }
    }
    return at;
}
