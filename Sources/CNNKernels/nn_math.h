#ifndef SENTIO_NN_MATH_H
#define SENTIO_NN_MATH_H
#include <stdint.h>
#include <string.h>

#define NN_INLINE static inline __attribute__((always_inline))

/* e^(x - n ln 2) for x near n ln 2: a polynomial (Cephes expf). */
NN_INLINE float nn_exp_rest(float x, float n) {
    float r = x - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    return p * r * r + r + 1.0f;
}

/* e^x without branches, so that loops over it vectorize; relative error about 1e-7. Below -87.3 the result stays near
   the smallest normal float instead of reaching 0; above 88.3 it stays finite. */
NN_INLINE float nn_exp(float x) {
    x = x < 88.3f ? x : 88.3f;
    x = x > -87.3f ? x : -87.3f;
    float n = __builtin_floorf(x * 1.44269504f + 0.5f);
    float p = nn_exp_rest(x, n);
    int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

/* The same for x <= 0, as in a softmax: the addition that rounds x / ln 2 leaves the power of two in its last bits. */
NN_INLINE float nn_exp_below(float x) {
    x = x > -87.3f ? x : -87.3f;
    float shifted = x * 1.44269504f + 12582912.0f;
    float n = shifted - 12582912.0f;
    float p = nn_exp_rest(x, n);
    uint32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 23) + 0x3f800000u;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

NN_INLINE float nn_sigmoid(float x) { return 1.0f / (1.0f + nn_exp(-x)); }
NN_INLINE float nn_tanh(float x) { return 1.0f - 2.0f / (1.0f + nn_exp(2.0f * x)); }

/* The error function, absolute error below 2e-7 (Abramowitz and Stegun 7.1.26 has 1.5e-7 in exact arithmetic). */
NN_INLINE float nn_erf(float x) {
    float a = x < 0 ? -x : x;
    float t = 1.0f / (1.0f + 0.3275911f * a);
    float y = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
    float r = 1.0f - y * nn_exp(-a * a);
    return x < 0 ? -r : r;
}

/* 32 random bits for one counter: two rounds of the murmur3 finalizer over key and counter. Good enough for dropout
   masks; everything else draws from Philox. It is pure 32-bit arithmetic, so it vectorizes. */
NN_INLINE uint32_t nn_mix(uint32_t x) {
    x ^= x >> 16;
    x *= 0x85ebca6bu;
    x ^= x >> 13;
    x *= 0xc2b2ae35u;
    return x ^ (x >> 16);
}
NN_INLINE uint32_t nn_random(uint64_t key, uint32_t counter) {
    return nn_mix(nn_mix(counter ^ (uint32_t)key) + (uint32_t)(key >> 32));
}
#endif
