#include "audio_kernels.h"
#include "audio_log.h"
#include "kernel.h"

SENTIO_KERNEL
float audio_power_to_db(float *values, int64_t count, float amin, float reference) {
#pragma clang fp contract(off) /* the reference itself must give exactly 0 */
    float offset = audio_log(reference > amin ? reference : amin) * 4.3429448190f;
    /* One maximum per lane; with a single one the loop would not vectorize. */
    float lanes[AUDIO_LANES];
    for (int lane = 0; lane < AUDIO_LANES; lane++) lanes[lane] = -3.4e38f;
    int64_t i = 0;
    for (; i + AUDIO_LANES <= count; i += AUDIO_LANES)
        for (int lane = 0; lane < AUDIO_LANES; lane++) {
            float value = values[i + lane] > amin ? values[i + lane] : amin;
            value = audio_log(value) * 4.3429448190f;
            value -= offset;
            values[i + lane] = value;
            lanes[lane] = value > lanes[lane] ? value : lanes[lane];
        }
    for (; i < count; i++) {
        float value = values[i] > amin ? values[i] : amin;
        values[i] = audio_log(value) * 4.3429448190f;
        values[i] -= offset;
        lanes[0] = values[i] > lanes[0] ? values[i] : lanes[0];
    }
    float largest = lanes[0];
    for (int lane = 1; lane < AUDIO_LANES; lane++) largest = lanes[lane] > largest ? lanes[lane] : largest;
    return largest;
}

SENTIO_KERNEL
void audio_raise_to(float *values, int64_t count, float floor) {
    for (int64_t i = 0; i < count; i++) values[i] = values[i] > floor ? values[i] : floor;
}

SENTIO_KERNEL
float audio_largest(const float *values, int64_t count) {
    float lanes[AUDIO_LANES];
    for (int lane = 0; lane < AUDIO_LANES; lane++) lanes[lane] = -3.4e38f;
    int64_t i = 0;
    for (; i + AUDIO_LANES <= count; i += AUDIO_LANES)
        for (int lane = 0; lane < AUDIO_LANES; lane++) lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
    float largest = -3.4e38f;
    for (; i < count; i++) largest = values[i] > largest ? values[i] : largest;
    for (int lane = 0; lane < AUDIO_LANES; lane++) largest = lanes[lane] > largest ? lanes[lane] : largest;
    return largest;
}

SENTIO_KERNEL
void audio_shift_scale(float *values, int64_t count, float shift, float scale) {
    for (int64_t i = 0; i < count; i++) values[i] = (values[i] - shift) * scale;
}
