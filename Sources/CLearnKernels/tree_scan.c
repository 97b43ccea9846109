#include "kernel.h"
#include "tree_kernels.h"

/* Contraction to fused multiply-add would make splits depend on the processor. */
#pragma STDC FP_CONTRACT OFF

typedef int64_t pairs8 __attribute__((vector_size(64)));
typedef int32_t ints16 __attribute__((vector_size(64)));
typedef int32_t ints8 __attribute__((vector_size(32)));
typedef float floats8 __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))

/* The order of lanes after extracting the halves of eight pairs with a shuffle within 128-bit parts only. */
static const int order[8] = {0, 1, 4, 5, 2, 3, 6, 7};
#define HESSIANS(halves) __builtin_shufflevector(halves, halves, 0, 2, 8, 10, 4, 6, 12, 14)
#define CHOOSE(mask, yes, no) (((mask) & (yes)) | (~(mask) & (no)))
#define GRADIENTS(halves) __builtin_shufflevector(halves, halves, 1, 3, 9, 11, 5, 7, 13, 15)

typedef struct {
    pairs8 sum;
    floats8 score;
    ints8 slot;
} search;

/* Vectors are passed by address, because passing them by value depends on the processor level. */
INLINE void look(search *at, const pairs8 *pairs, const ints8 *slot, const tree_terms *terms) {
    at->sum += *pairs;
    ints16 halves = (ints16)at->sum;
    ints8 hessian = HESSIANS(halves), gradient = GRADIENTS(halves);
    ints8 rest = terms->hessian - hessian;
    floats8 a = __builtin_convertvector(hessian, floats8);
    floats8 b = __builtin_convertvector(rest, floats8);
    floats8 t = __builtin_convertvector(gradient, floats8) * terms->gradient_unit - (terms->slope * a + terms->offset);
    floats8 score = (t * t) / (a * b + terms->penalty);
    ints8 smaller = __builtin_elementwise_min(hessian, rest);
    ints8 better = (smaller >= terms->smallest) & (score > at->score);
    at->score = (floats8)CHOOSE(better, (ints8)score, (ints8)at->score);
    at->slot = CHOOSE(better, *slot, at->slot);
}

INLINE void start(search *at) {
    at->sum = (pairs8){0};
    at->score = (floats8){0} - 1.0f;
    at->slot = (ints8){0};
}

INLINE void finish(const search *at, float *scores, int32_t *best) {
    for (int i = 0; i < 8; i++) {
        scores[order[i]] = at->score[i];
        best[order[i]] = at->slot[i];
    }
}

SENTIO_KERNEL
void tree_scan(const int64_t *hist, int32_t slots, const tree_terms *terms, float *scores, int32_t *best) {
    tree_terms own = *terms;
    for (int half = 0; half < TREE_LANES; half += 8) {
        search at;
        start(&at);
        ints8 slot = {0};
        for (int32_t s = 0; s < slots; s++) {
            look(&at, (const pairs8 *)(hist + s * TREE_LANES + half), &slot, &own);
            slot += 1;
        }
        finish(&at, scores + half, best + half);
    }
}

INLINE void scan_pair(int64_t *parent, int64_t *smaller, int32_t slots, const tree_terms *smaller_terms,
                      const tree_terms *larger_terms, int keep, float *smaller_scores, int32_t *smaller_best,
                      float *larger_scores, int32_t *larger_best) {
    tree_terms terms = *smaller_terms, others = *larger_terms;
    for (int half = 0; half < TREE_LANES; half += 8) {
        search small, large;
        start(&small);
        start(&large);
        ints8 slot = {0};
        for (int32_t s = 0; s < slots; s++) {
            pairs8 *whole = (pairs8 *)(parent + s * TREE_LANES + half);
            pairs8 *own = (pairs8 *)(smaller + s * TREE_LANES + half);
            pairs8 part = *own;
            pairs8 rest = *whole - part;
            if (keep) *whole = rest;
            else *own = (pairs8){0};
            look(&small, &part, &slot, &terms);
            look(&large, &rest, &slot, &others);
            slot += 1;
        }
        finish(&small, smaller_scores + half, smaller_best + half);
        finish(&large, larger_scores + half, larger_best + half);
    }
}

SENTIO_KERNEL
void tree_scan_pair(int64_t *parent, int64_t *smaller, int32_t slots, const tree_terms *smaller_terms,
                    const tree_terms *larger_terms, int32_t keep, float *smaller_scores, int32_t *smaller_best,
                    float *larger_scores, int32_t *larger_best) {
    if (keep)
        scan_pair(parent, smaller, slots, smaller_terms, larger_terms, 1, smaller_scores, smaller_best, larger_scores,
                  larger_best);
    else
        scan_pair(parent, smaller, slots, smaller_terms, larger_terms, 0, smaller_scores, smaller_best, larger_scores,
                  larger_best);
}
