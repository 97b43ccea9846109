#include "kernel.h"
#include "tree_kernels.h"

enum { AHEAD = 24 };

static inline __attribute__((always_inline)) void add_row(const uint8_t *code, int64_t pair, int64_t *hist) {
#define ADD(lane) hist[(int64_t)code[lane] * TREE_LANES + lane] += pair
    ADD(0); ADD(1); ADD(2); ADD(3); ADD(4); ADD(5); ADD(6); ADD(7);
    ADD(8); ADD(9); ADD(10); ADD(11); ADD(12); ADD(13); ADD(14); ADD(15);
#undef ADD
}

void tree_histogram(const uint8_t *codes, const uint32_t *rows, const int64_t *pairs, int64_t count, int64_t *hist) {
    int64_t i = 0;
    for (; i + AHEAD < count; i++) {
        __builtin_prefetch(codes + (int64_t)rows[i + AHEAD] * TREE_LANES);
        add_row(codes + (int64_t)rows[i] * TREE_LANES, pairs[i], hist);
    }
    for (; i < count; i++) add_row(codes + (int64_t)rows[i] * TREE_LANES, pairs[i], hist);
}

SENTIO_KERNEL
void tree_subtract(int64_t *parent, const int64_t *smaller, int64_t count) {
    for (int64_t i = 0; i < count; i++) parent[i] -= smaller[i];
}
