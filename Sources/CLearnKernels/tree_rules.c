#include "kernel.h"
#include "tree_kernels.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

INLINE double shrunk(double gradient, double alpha) {
    return gradient > alpha ? gradient - alpha : gradient < -alpha ? gradient + alpha : 0;
}

/* XGBoost's gain of a child, which ignores alpha if weights are bounded. Stores the weight in *weight. */
INLINE double child_gain(int64_t pair, const tree_rules *rules, double *weight) {
    double gradient = (double)(int32_t)(pair >> 32) * rules->gradient_unit;
    double hessian = (double)(int32_t)pair * rules->hessian_unit + rules->lambda;
    double soft = shrunk(gradient, rules->alpha);
    if (!rules->bounded) {
        *weight = 0;
        return soft * soft / hessian;
    }
    double w = -soft / hessian;
    w = w < rules->lower ? rules->lower : w > rules->upper ? rules->upper : w;
    *weight = w;
    return -(2 * gradient * w + hessian * w * w);
}

INLINE double split_gain(int64_t left, int64_t right, int8_t monotone, const tree_rules *rules) {
    if ((int32_t)left < rules->smallest || (int32_t)right < rules->smallest) return -INFINITY;
    double left_weight, right_weight;
    double gain = child_gain(left, rules, &left_weight) + child_gain(right, rules, &right_weight);
    return (right_weight - left_weight) * monotone < 0 ? -INFINITY : gain;
}

SENTIO_KERNEL
void tree_scan_rules(const int64_t *hist, int32_t slots, const uint8_t *missing, const int8_t *monotone,
                     const tree_rules *rules, double *scores, int32_t *best, uint8_t *missing_left) {
    tree_rules own = *rules;
    for (int lane = 0; lane < TREE_LANES; lane++) {
        int64_t absent = missing[lane] ? hist[TREE_MISSING * TREE_LANES + lane] : 0;
        int64_t sum = 0;
        /* XGBoost searches with missing values on the right from the first slot, then on the left from the last. */
        double top = -INFINITY, top_left = -INFINITY;
        int32_t at = 0, at_left = -1;
        if (absent != 0) top_left = split_gain(absent, own.total - absent, monotone[lane], &own);
        for (int32_t s = 0; s < (missing[lane] && slots > TREE_MISSING ? TREE_MISSING : slots); s++) {
            sum += hist[s * TREE_LANES + lane];
            double gain = split_gain(sum, own.total - sum, monotone[lane], &own);
            if (gain > top) top = gain, at = s;
            if (absent == 0) continue;
            gain = split_gain(sum + absent, own.total - sum - absent, monotone[lane], &own);
            if (gain >= top_left) top_left = gain, at_left = s;
        }
        uint8_t side = top_left > top;
        if (side) top = top_left, at = at_left;
        scores[lane] = top;
        best[lane] = at;
        missing_left[lane] = side;
    }
}
