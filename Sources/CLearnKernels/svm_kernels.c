#include "svm_kernels.h"
#include "kernel.h"
#include <math.h>
#include <string.h>

#define LANES 16
#define INLINE static inline __attribute__((always_inline))

/* exp(x) for x <= 0 without branches: x = k ln 2 + r with |r| <= ln 2 / 2, and the Taylor series of exp(r) to r^13. */
INLINE double svm_exp(double x) {
#pragma clang fp contract(fast)
    const double shift = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to an integer in the low bits */
    double bounded = x > -708.0 ? x : -708.0;
    double shifted = bounded * 1.4426950408889634 + shift;
    int64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    double k = shifted - shift;
    double r = bounded - k * 6.93147180369123816490e-01;
    r = r - k * 1.90821492927058770002e-10;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    int64_t power = (int64_t)((uint64_t)(bits + 1023) << 52);
    double scale;
    memcpy(&scale, &power, sizeof scale);
    return x > -708.0 ? p * scale : 0.0;
}

SENTIO_KERNEL
void svm_rbf(double *products, int64_t count, double gamma, double norm, const double *norms) {
    for (int64_t i = 0; i < count; i++) {
        double distance = norm + norms[i] - 2.0 * products[i];
        distance = distance > 0.0 ? distance : 0.0;
        products[i] = svm_exp(-gamma * distance);
    }
}

SENTIO_KERNEL
void svm_narrow(const double *values, float *result, int64_t count) {
    for (int64_t i = 0; i < count; i++) result[i] = (float)values[i];
}

/* One running maximum per lane, because a single one would keep the loops scalar. The index is a double, to have the
   same width as a value. */

SENTIO_KERNEL
int64_t svm_move_and_raise(double *errors, const double *coefficients, const float *first, const float *second,
                           double move, double c, double epsilon, int64_t count, double *largest_rise) {
    double best[LANES], place[LANES];
    for (int lane = 0; lane < LANES; lane++) best[lane] = -INFINITY, place[lane] = -1.0;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            double b = coefficients[i + lane];
            double e = errors[i + lane] - move * ((double)first[i + lane] - (double)second[i + lane]);
            errors[i + lane] = e;
            double rise = b < 0.0 ? e + epsilon : e - epsilon;
            rise = b < c ? rise : -INFINITY;
            int better = rise > best[lane];
            best[lane] = better ? rise : best[lane];
            place[lane] = better ? (double)i : place[lane];
        }
    double value = -INFINITY;
    int64_t index = -1;
    for (int lane = 0; lane < LANES; lane++) {
        int64_t candidate = (int64_t)place[lane] + lane;
        if (place[lane] >= 0.0 && (best[lane] > value || (best[lane] == value && candidate < index)))
            value = best[lane], index = candidate;
    }
    for (; i < count; i++) {
        double b = coefficients[i], e = errors[i] - move * ((double)first[i] - (double)second[i]);
        errors[i] = e;
        double rise = b < 0.0 ? e + epsilon : e - epsilon;
        if (b < c && rise > value) value = rise, index = i;
    }
    *largest_rise = value;
    return index;
}

SENTIO_KERNEL
int64_t svm_choose_fall(const double *errors, const double *coefficients, const float *row, const double *diagonal,
                        double own_diagonal, double rise, double c, double epsilon, int64_t count,
                        double *lowest_fall) {
    double best[LANES], place[LANES], lowest[LANES];
    for (int lane = 0; lane < LANES; lane++) best[lane] = 0.0, place[lane] = -1.0, lowest[lane] = INFINITY;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            double b = coefficients[i + lane], e = errors[i + lane];
            double fall = b > 0.0 ? e - epsilon : e + epsilon;
            fall = b > -c ? fall : INFINITY;
            lowest[lane] = fall < lowest[lane] ? fall : lowest[lane];
            double slope = rise - fall;
            slope = slope > 0.0 ? slope : 0.0;
            double curvature = own_diagonal + diagonal[i + lane] - 2.0 * (double)row[i + lane];
            curvature = curvature > 0.0 ? curvature : 1e-12;
            double gain = slope * slope / curvature;
            int better = gain > best[lane];
            best[lane] = better ? gain : best[lane];
            place[lane] = better ? (double)i : place[lane];
        }
    double value = 0.0, low = INFINITY;
    int64_t index = -1;
    for (int lane = 0; lane < LANES; lane++) {
        int64_t candidate = (int64_t)place[lane] + lane;
        low = lowest[lane] < low ? lowest[lane] : low;
        if (place[lane] >= 0.0 && (best[lane] > value || (best[lane] == value && candidate < index)))
            value = best[lane], index = candidate;
    }
    for (; i < count; i++) {
        double b = coefficients[i], e = errors[i];
        if (!(b > -c)) continue;
        double fall = b > 0.0 ? e - epsilon : e + epsilon;
        low = fall < low ? fall : low;
        double slope = rise - fall;
        if (!(slope > 0.0)) continue;
        double curvature = own_diagonal + diagonal[i] - 2.0 * (double)row[i];
        double gain = slope * slope / (curvature > 0.0 ? curvature : 1e-12);
        if (gain > value) value = gain, index = i;
    }
    *lowest_fall = low;
    return index;
}
