#include "kernel.h"
#include "tree_kernels.h"

int64_t tree_partition(const uint8_t *codes, uint32_t *rows, int64_t *pairs, int64_t count, int32_t slot,
                       int32_t missing, int32_t missing_left, uint32_t *spare_rows, int64_t *spare_pairs,
                       int64_t *left) {
    int64_t kept = 0, moved = 0, sum = 0;
    for (int64_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        int64_t pair = pairs[i];
        int32_t code = codes[(int64_t)row * TREE_LANES];
        int64_t goes_left = code == missing ? missing_left : code <= slot;
        rows[kept] = row;
        pairs[kept] = pair;
        spare_rows[moved] = row;
        spare_pairs[moved] = pair;
        kept += goes_left;
        moved += 1 - goes_left;
        sum += pair & -goes_left;
    }
    *left = sum;
    return kept;
}

void tree_add_leaves(const tree_node *nodes, const uint8_t *table, int64_t block_stride, const uint32_t *rows,
                     int64_t count, float *predictions) {
    for (int64_t i = 0; i < count; i++) {
        int64_t row = rows ? rows[i] : i;
        const uint8_t *codes = table + row * TREE_LANES;
        const tree_node *node = nodes;
        while (node->column >= 0) {
            int32_t code = codes[(int64_t)(node->column / TREE_LANES) * block_stride + node->column % TREE_LANES];
            int32_t goes_left = code == node->missing ? node->missing_left : code <= node->slot;
            node = nodes + (goes_left ? node->left : node->right);
        }
        predictions[row] += node->value;
    }
}
