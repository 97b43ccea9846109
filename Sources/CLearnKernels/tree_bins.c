#include "kernel.h"
#include "tree_kernels.h"

#include <math.h>
#include <string.h>

/* Maps the bits of a float to an unsigned integer with the same order, and back. */
static inline uint32_t key_of(uint32_t bits) { return bits ^ ((uint32_t)((int32_t)bits >> 31) | 0x80000000u); }
static inline uint32_t bits_of(uint32_t key) { return key ^ (~(uint32_t)((int32_t)key >> 31) | 0x80000000u); }

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES = 3 };

void tree_sort(float *values, float *spare, int64_t count) {
    uint32_t starts[PASSES][DIGITS];
    memset(starts, 0, sizeof starts);
    uint32_t *from = (uint32_t *)values, *to = (uint32_t *)spare;
    for (int64_t i = 0; i < count; i++) {
        uint32_t key = key_of(from[i]);
        from[i] = key;
        for (int pass = 0; pass < PASSES; pass++) starts[pass][(key >> (pass * DIGIT_BITS)) & (DIGITS - 1)]++;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        uint32_t sum = 0;
        for (int digit = 0; digit < DIGITS; digit++) {
            uint32_t n = starts[pass][digit];
            starts[pass][digit] = sum;
            sum += n;
        }
        for (int64_t i = 0; i < count; i++) {
            uint32_t key = from[i];
            to[starts[pass][(key >> (pass * DIGIT_BITS)) & (DIGITS - 1)]++] = key;
        }
        uint32_t *other = from;
        from = to;
        to = other;
    }
    /* After three passes the result is in `spare`. */
    uint32_t *out = (uint32_t *)values;
    for (int64_t i = 0; i < count; i++) out[i] = bits_of(from[i]);
}

SENTIO_KERNEL
void tree_assign_bins(const float *values, int64_t count, const float *cuts, uint8_t missing, uint8_t *codes) {
    for (int64_t i = 0; i < count; i++) {
        float value = values[i];
        int32_t at = 0;
        for (int32_t step = 128; step > 0; step >>= 1) at += cuts[at + step - 1] <= value ? step : 0;
        codes[i * TREE_LANES] = value != value ? missing : (uint8_t)at;
    }
}

void tree_pack_block(const uint8_t *table, int64_t block_stride, const uint32_t *rows, int64_t count,
                     const int32_t *columns, int64_t lanes, uint8_t *out) {
    int64_t offsets[TREE_LANES];
    for (int64_t lane = 0; lane < TREE_LANES; lane++) {
        int32_t column = columns[lane < lanes ? lane : 0];
        offsets[lane] = (int64_t)(column / TREE_LANES) * block_stride + column % TREE_LANES;
    }
    for (int64_t i = 0; i < count; i++) {
        const uint8_t *row = table + (int64_t)rows[i] * TREE_LANES;
        for (int lane = 0; lane < TREE_LANES; lane++) out[i * TREE_LANES + lane] = row[offsets[lane]];
    }
}
