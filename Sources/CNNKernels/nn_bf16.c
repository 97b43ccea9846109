#include "kernel.h"
#include "nn_kernels.h"

#include <string.h>

SENTIO_KERNEL
void nn_round_bf16(const float *restrict x, int64_t count, uint16_t *restrict out) {
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        /* To nearest, ties to even; NaN keeps a bit that makes it NaN. */
        uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
        out[i] = (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16) | 0x40u : rounded);
    }
}

static inline float value(uint16_t x) {
    uint32_t bits = (uint32_t)x << 16;
    float out;
    memcpy(&out, &bits, sizeof out);
    return out;
}

void nn_bf16_product(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const uint16_t *a, int64_t lda,
                     const uint16_t *b, int64_t ldb, float beta, float *c, int64_t ldc) {
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            float sum = 0;
            for (int64_t l = 0; l < k; l++)
                sum += value(transpose_a ? a[l * lda + i] : a[i * lda + l]) * value(transpose_b ? b[j * ldb + l] : b[l * ldb + j]);
            c[i * ldc + j] = beta == 0 ? sum : sum + beta * c[i * ldc + j];
        }
}
