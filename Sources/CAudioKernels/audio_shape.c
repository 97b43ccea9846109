#include "audio_kernels.h"
#include "audio_log.h"
#include "kernel.h"
#include <float.h>
#include <math.h>

#define L AUDIO_LANES

SENTIO_KERNEL
void audio_centroid_bandwidth(const float *magnitude, int64_t bins, float hzPerBin, float *centroid, float *bandwidth) {
#pragma clang fp contract(fast)
    float sum[L] = {0}, moment[L] = {0}, mean[L], spread[L] = {0};
    for (int64_t bin = 0; bin < bins; bin++) {
        const float *value = magnitude + bin * L;
        float position = (float)bin;
        for (int lane = 0; lane < L; lane++) {
            sum[lane] += value[lane];
            moment[lane] += position * value[lane];
        }
    }
    for (int lane = 0; lane < L; lane++) {
        /* librosa.util.normalize does not scale a column whose sum is below the smallest normal float. */
        if (sum[lane] < FLT_MIN) sum[lane] = 1.0f;
        mean[lane] = moment[lane] / sum[lane];
    }
    for (int64_t bin = 0; bin < bins; bin++) {
        const float *value = magnitude + bin * L;
        float position = (float)bin;
        for (int lane = 0; lane < L; lane++) {
            float distance = position - mean[lane];
            spread[lane] += value[lane] * distance * distance;
        }
    }
    for (int lane = 0; lane < L; lane++) {
        centroid[lane] = mean[lane] * hzPerBin;
        bandwidth[lane] = __builtin_sqrtf(spread[lane] / sum[lane]) * hzPerBin;
    }
}

SENTIO_KERNEL
void audio_rolloff(const float *magnitude, int64_t bins, float hzPerBin, float fraction, float *out) {
    /* The running sum is kept in float and in bin order, as in numpy.cumsum, so that it is rounded alike and
       reaches the threshold in the same bin. */
    float total[L] = {0}, threshold[L], running[L] = {0};
    int32_t below[L] = {0};
    for (int64_t bin = 0; bin < bins; bin++)
        for (int lane = 0; lane < L; lane++) total[lane] += magnitude[bin * L + lane];
    for (int lane = 0; lane < L; lane++) threshold[lane] = fraction * total[lane];
    for (int64_t bin = 0; bin < bins; bin++)
        for (int lane = 0; lane < L; lane++) {
            running[lane] += magnitude[bin * L + lane];
            below[lane] += running[lane] < threshold[lane];
        }
    for (int lane = 0; lane < L; lane++) out[lane] = (float)below[lane] * hzPerBin;
}

SENTIO_KERNEL
void audio_flatness(const float *power, int64_t bins, float amin, float *out) {
#pragma clang fp contract(fast)
    /* Partial sums of 64 bins: adding a thousand logarithms in one float would lose three digits. */
    float logs[L] = {0}, sum[L] = {0};
    for (int64_t from = 0; from < bins; from += 64) {
        int64_t to = from + 64 < bins ? from + 64 : bins;
        float partLogs[L] = {0}, part[L] = {0};
        for (int64_t bin = from; bin < to; bin++)
            for (int lane = 0; lane < L; lane++) {
                float value = power[bin * L + lane];
                value = value > amin ? value : amin;
                partLogs[lane] += audio_log(value);
                part[lane] += value;
            }
        for (int lane = 0; lane < L; lane++) {
            logs[lane] += partLogs[lane];
            sum[lane] += part[lane];
        }
    }
    for (int lane = 0; lane < L; lane++) out[lane] = expf(logs[lane] / (float)bins) / (sum[lane] / (float)bins);
}

/* Keeps the k smallest values of each lane sorted; a new value is inserted by k compare-exchanges.
   With sign -1 it keeps the k largest. */
static inline __attribute__((always_inline)) void keep_smallest(
    const float *values, int64_t count, const int64_t k, float sign, float *kept, float *mean) {
    for (int64_t i = 0; i < k * L; i++) kept[i] = FLT_MAX;
    for (int64_t bin = 0; bin < count; bin++) {
        float value[L];
        for (int lane = 0; lane < L; lane++) value[lane] = sign * values[bin * L + lane];
        for (int64_t j = 0; j < k; j++)
            for (int lane = 0; lane < L; lane++) {
                float old = kept[j * L + lane], now = value[lane];
                kept[j * L + lane] = old < now ? old : now;
                value[lane] = old < now ? now : old;
            }
    }
    for (int lane = 0; lane < L; lane++) {
        float total = 0;
        for (int64_t j = 0; j < k; j++) total += kept[j * L + lane];
        mean[lane] = sign * total / (float)k;
    }
}

#define CASE(K)                                                          \
    case K: {                                                            \
        float kept[K * L];                                               \
        keep_smallest(magnitude, count, K, 1.0f, kept, smallest);        \
        keep_smallest(magnitude, count, K, -1.0f, kept, largest);        \
        return;                                                          \
    }

SENTIO_KERNEL
void audio_extremes(const float *magnitude, int64_t count, int64_t k, float *scratch, float *smallest, float *largest) {
    switch (k) {
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
    default:
        keep_smallest(magnitude, count, k, 1.0f, scratch, smallest);
        keep_smallest(magnitude, count, k, -1.0f, scratch, largest);
    }
}
