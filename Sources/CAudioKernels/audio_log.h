#ifndef SENTIO_AUDIO_LOG_H
#define SENTIO_AUDIO_LOG_H
#include <stdint.h>
#include <string.h>

/* Natural logarithm of a positive, normal float: a polynomial (Cephes logf) without branches, so that loops
   vectorize. The error is about 1 ulp at most. */
static inline __attribute__((always_inline)) float audio_log(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    /* split x = m * 2^e with m in [sqrt(1/2), sqrt(2)) */
    int32_t e = (bits - 0x3f3504f3) >> 23;
    int32_t mantissa = bits - (e << 23);
    float m;
    memcpy(&m, &mantissa, sizeof m);
    float f = m - 1.0f, z = f * f, exponent = (float)e;
    float p = 7.0376836292e-2f;
    p = p * f - 1.1514610310e-1f;
    p = p * f + 1.1676998740e-1f;
    p = p * f - 1.2420140846e-1f;
    p = p * f + 1.4249322787e-1f;
    p = p * f - 1.6668057665e-1f;
    p = p * f + 2.0000714765e-1f;
    p = p * f - 2.4999993993e-1f;
    p = p * f + 3.3333331174e-1f;
    p = p * f * z + exponent * -2.12194440e-4f - 0.5f * z;
    return f + p + exponent * 0.693359375f;
}
#endif
