#include "audio_kernels.h"
#include "kernel.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

SENTIO_KERNEL
void audio_window_frames(const float *samples, int64_t count, int64_t start, int64_t hop, int64_t frames,
                         const float *window, int64_t size, float *out, int64_t stride) {
    for (int64_t frame = 0; frame < frames; frame++) {
        int64_t at = start + frame * hop;
        float *row = out + frame * stride;
        int64_t low = at < 0 ? -at : 0;
        int64_t high = at + size > count ? count - at : size;
        if (low > size) low = size;
        if (high < low) high = low;
        if (low > 0) memset(row, 0, (size_t)low * sizeof(float));
        for (int64_t i = low; i < high; i++) row[i] = window[i] * samples[at + i];
        if (high < size) memset(row + high, 0, (size_t)(size - high) * sizeof(float));
    }
}

SENTIO_KERNEL
void audio_window_frames_f64(const float *samples, int64_t count, int64_t start, int64_t hop, int64_t frames,
                             const double *window, int64_t size, double *out, int64_t stride) {
    for (int64_t frame = 0; frame < frames; frame++) {
        int64_t at = start + frame * hop;
        double *row = out + frame * stride;
        int64_t low = at < 0 ? -at : 0;
        int64_t high = at + size > count ? count - at : size;
        if (low > size) low = size;
        if (high < low) high = low;
        if (low > 0) memset(row, 0, (size_t)low * sizeof(double));
        for (int64_t i = low; i < high; i++) row[i] = window[i] * samples[at + i];
        if (high < size) memset(row + high, 0, (size_t)(size - high) * sizeof(double));
    }
}

SENTIO_KERNEL
void audio_narrow(const double *values, int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++) out[i] = (float)values[i];
}

SENTIO_KERNEL
void audio_power_lanes(const float *spectrum, int64_t stride, int64_t bins, float *power, float *magnitude) {
    for (int64_t bin = 0; bin < bins; bin += AUDIO_LANES) {
        int64_t width = bins - bin < AUDIO_LANES ? bins - bin : AUDIO_LANES;
        float tile[AUDIO_LANES][AUDIO_LANES];
        if (width == AUDIO_LANES) {
            for (int lane = 0; lane < AUDIO_LANES; lane++) {
                const float *row = spectrum + lane * stride + 2 * bin;
                for (int i = 0; i < AUDIO_LANES; i++) tile[lane][i] = row[2 * i] * row[2 * i] + row[2 * i + 1] * row[2 * i + 1];
            }
        } else {
            for (int lane = 0; lane < AUDIO_LANES; lane++) {
                const float *row = spectrum + lane * stride + 2 * bin;
                for (int64_t i = 0; i < width; i++) tile[lane][i] = row[2 * i] * row[2 * i] + row[2 * i + 1] * row[2 * i + 1];
            }
        }
        float *to = power + bin * AUDIO_LANES;
        for (int64_t i = 0; i < width; i++)
            for (int lane = 0; lane < AUDIO_LANES; lane++) to[i * AUDIO_LANES + lane] = tile[lane][i];
    }
    if (magnitude != NULL)
        for (int64_t i = 0; i < bins * AUDIO_LANES; i++) magnitude[i] = __builtin_sqrtf(power[i]);
}

static double square_sum(const float *samples, int64_t from, int64_t to) {
    double total = 0;
    for (int64_t i = from; i < to; i++) total += (double)samples[i] * samples[i];
    return total;
}

SENTIO_KERNEL
static double hop_square_sum(const float *samples, int64_t hop) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0;
    for (int64_t i = 0; i < hop; i++) total += samples[i] * samples[i];
    return total;
}

void audio_mean_square(const float *samples, int64_t count, int64_t hop, int64_t size, int64_t frames, float *out) {
    /* If hop divides size, consecutive frames share all but one piece of hop samples, because every piece
       begins at frame*hop - size/2 + piece*hop. Otherwise each frame is summed separately. */
    int64_t pieces = size / hop;
    double ring[64];
    if (pieces > 64 || size % hop != 0) pieces = 0;
    for (int64_t frame = 0; frame < frames; frame++) {
        int64_t at = frame * hop - size / 2;
        double total = 0;
        if (pieces == 0) {
            total = square_sum(samples, at < 0 ? 0 : at, at + size > count ? count : at + size);
        } else {
            for (int64_t piece = frame == 0 ? 0 : pieces - 1; piece < pieces; piece++) {
                int64_t from = at + piece * hop, to = from + hop;
                double value;
                if (from >= 0 && to <= count) value = hop_square_sum(samples + from, hop);
                else value = square_sum(samples, from < 0 ? 0 : from, to > count ? count : to);
                ring[(frame + piece) % pieces] = value;
            }
            for (int64_t piece = 0; piece < pieces; piece++) total += ring[(frame + piece) % pieces];
        }
        out[frame] = (float)(total / (double)size);
    }
}

SENTIO_KERNEL
void audio_sign_changes(const float *samples, int64_t count, float threshold, uint8_t *marks) {
    if (count > 0) marks[0] = 0;
    for (int64_t i = 1; i < count; i++)
        marks[i] = (uint8_t)((samples[i - 1] < -threshold) != (samples[i] < -threshold));
}

SENTIO_KERNEL
int64_t audio_count_marks(const uint8_t *marks, int64_t count) {
    int64_t total = 0;
    for (int64_t i = 0; i < count; i++) total += marks[i];
    return total;
}

SENTIO_KERNEL
int64_t audio_first_unusable(const float *samples, int64_t count, float limit) {
    for (int64_t block = 0; block < count; block += 4096) {
        int64_t end = block + 4096 < count ? block + 4096 : count;
        int32_t bad = 0;
        for (int64_t i = block; i < end; i++) bad |= !(__builtin_fabsf(samples[i]) <= limit);
        if (bad)
            for (int64_t i = block; i < end; i++)
                if (!(__builtin_fabsf(samples[i]) <= limit)) return i;
    }
    return -1;
}

SENTIO_KERNEL
void audio_mix_down(const float *interleaved, int64_t count, int64_t channels, float *out) {
    if (channels == 2) {
        for (int64_t i = 0; i < count; i++) out[i] = (interleaved[2 * i] + interleaved[2 * i + 1]) * 0.5f;
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        float total = 0;
        for (int64_t c = 0; c < channels; c++) total += interleaved[i * channels + c];
        out[i] = total / (float)channels;
    }
}

SENTIO_KERNEL
void audio_mix_energy(const float *interleaved, const float *mix, int64_t count, int64_t channels, double *mixed, double *all) {
#pragma clang fp contract(fast)
    const float *values[2] = {mix, interleaved};
    double *totals[2] = {mixed, all};
    for (int which = 0; which < 2; which++) {
        int64_t left = which ? count * channels : count;
        *totals[which] = 0;
        for (const float *at = values[which]; left > 0; at += 4096, left -= 4096) {
            float lanes[AUDIO_LANES] = {0};
            int64_t size = left < 4096 ? left : 4096, i = 0;
            for (; i + AUDIO_LANES <= size; i += AUDIO_LANES)
                for (int lane = 0; lane < AUDIO_LANES; lane++) lanes[lane] += at[i + lane] * at[i + lane];
            for (; i < size; i++) lanes[0] += at[i] * at[i];
            for (int lane = 0; lane < AUDIO_LANES; lane++) *totals[which] += lanes[lane];
        }
    }
}
