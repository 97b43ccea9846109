#include "audio_kernels.h"
#include "kernel.h"

#define P AUDIO_HALF_BAND_PAIRS

SENTIO_KERNEL
void audio_half_band(const float *in, int64_t stride, int64_t count, const float *taps, float *odd, float *out) {
#pragma clang fp contract(fast)
    /* Every other tap of a half-band filter is 0: only the center and the samples at odd distances contribute. */
    int64_t odds = count + 2 * P - 1;
    if (stride == 1)
        for (int64_t i = 0; i < odds; i++) odd[i] = in[2 * i];
    else
        for (int64_t i = 0; i < odds; i++) odd[i] = in[2 * i * stride];
    for (int64_t from = 0; from < count; from += AUDIO_LANES) {
        float total[AUDIO_LANES];
        const float *centre = in + (2 * P - 1 + 2 * from) * stride, *near = odd + from;
        for (int lane = 0; lane < AUDIO_LANES; lane++) total[lane] = 0.5f * centre[2 * lane * stride];
        for (int k = 0; k < P; k++)
            for (int lane = 0; lane < AUDIO_LANES; lane++)
                total[lane] += taps[k] * (near[lane + P - 1 - k] + near[lane + P + k]);
        for (int lane = 0; lane < AUDIO_LANES; lane++) out[(from + lane) * stride] = total[lane];
    }
}
