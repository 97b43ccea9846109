#ifndef SENTIO_TREE_KERNELS_H
#define SENTIO_TREE_KERNELS_H
#include <stdint.h>

/* Histogram-based gradient boosting. Columns come in blocks of TREE_LANES. The bin codes of a block are [row][lane],
   and its histogram is [TREE_SLOTS][lane], so that a scan over slots is TREE_LANES independent prefix sums.
   A gradient pair is one int64, with the quantized gradient in the high and the quantized hessian (>= 0) in the low 32
   bits, so that one addition adds both. Callers choose scales so that no sum overflows 32 bits. Sums of integers do not
   depend on order, so neither threads nor the order of rows change a result. Histograms are aligned to 64 bytes. */
#define TREE_LANES 16
#define TREE_SLOTS 256
/* The code of missing values in a column that has some; all other codes are smaller. */
#define TREE_MISSING 255

/* tree_bins.c */
/* Sorts `count` floats in ascending order, -0 before 0. None may be NaN. `spare` has room for `count`. */
void tree_sort(float *values, float *spare, int64_t count);
/* codes[i * TREE_LANES] = number of cuts <= values[i], or `missing` for NaN. `cuts` is ascending and has 256 elements,
   padded with infinity. */
void tree_assign_bins(const float *values, int64_t count, const float *cuts, uint8_t missing, uint8_t *codes);
/* Packs one block of codes: out[i][lane] = code of rows[i] in column columns[lane] of a table with `block_stride` bytes
   per block. Lanes from `lanes` on repeat the first column. */
void tree_pack_block(const uint8_t *table, int64_t block_stride, const uint32_t *rows, int64_t count,
                     const int32_t *columns, int64_t lanes, uint8_t *out);

/* tree_histogram.c */
/* hist[code][lane] += pairs[i] for the codes of rows[i] in each lane. */
void tree_histogram(const uint8_t *codes, const uint32_t *rows, const int64_t *pairs, int64_t count, int64_t *hist);
/* parent -= smaller, which gives the histogram of the larger child. */
void tree_subtract(int64_t *parent, const int64_t *smaller, int64_t count);

/* tree_scan.c */
/* What the plain search (L2 penalty only, no missing values) needs to know of a node. With quantized hessians A (left)
   and B (right), gradients l (left) and g (node), lambda in quanta of the hessian and S = A + B + 2 lambda, the score
   of a split is (l S - g (A + lambda))^2 / ((A + lambda) (B + lambda)), up to a constant factor. It equals the loss
   change up to a factor and an offset of the node, but avoids its cancellation. */
typedef struct {
    float gradient_unit; /* of l */
    float slope, offset; /* g / S and g lambda / S, in gradient_unit */
    float penalty;       /* (A + lambda) (B + lambda) - A B */
    int32_t hessian;     /* A + B */
    int32_t smallest;    /* minimum of A and B in a split */
} tree_terms;

/* For each lane, finds the slot s whose split (codes <= s to the left) has the best score, the first of equal ones; the
   score is -1 if no split is allowed. */
void tree_scan(const int64_t *hist, int32_t slots, const tree_terms *terms, float *scores, int32_t *best);
/* The same for two children at once, where the histogram of the larger one is parent - smaller. With `keep` it replaces
   `parent`; without, `smaller` is cleared for its next use. */
void tree_scan_pair(int64_t *parent, int64_t *smaller, int32_t slots, const tree_terms *smaller_terms,
                    const tree_terms *larger_terms, int32_t keep, float *smaller_scores, int32_t *smaller_best,
                    float *larger_scores, int32_t *larger_best);

/* tree_rules.c */
/* What the full search (L1 penalty, monotone bounds, missing values) needs to know of a node, in real units. */
typedef struct {
    double gradient_unit, hessian_unit;
    double lambda, alpha;
    double lower, upper; /* bounds of the weight of the node */
    int64_t total;       /* gradient pair of the node */
    int32_t smallest;    /* minimum quantized hessian of a child */
    int32_t bounded;     /* whether weights are bounded: some column is monotone */
} tree_rules;

/* Scores are XGBoost's gain of both children, or -INFINITY if no split is allowed. missing[lane]: whether the column
   has the code TREE_MISSING. monotone[lane]: -1, 0 or 1. missing_left[lane]: whether missing values go left in the best
   split; if best[lane] is -1, only they go left. */
void tree_scan_rules(const int64_t *hist, int32_t slots, const uint8_t *missing, const int8_t *monotone,
                     const tree_rules *rules, double *scores, int32_t *best, uint8_t *missing_left);

/* tree_rows.c */
/* Moves the rows with code <= slot (or a missing value, if missing_left) to the front and the others to the spare
   buffers, both in their order. Returns the number of rows in front, and the sum of their pairs in *left. `missing` is
   TREE_MISSING or -1. The spare buffers have room for `count`. */
int64_t tree_partition(const uint8_t *codes, uint32_t *rows, int64_t *pairs, int64_t count, int32_t slot,
                       int32_t missing, int32_t missing_left, uint32_t *spare_rows, int64_t *spare_pairs,
                       int64_t *left);
/* A node of a finished tree over bins: column < 0 for a leaf. */
typedef struct {
    int32_t column, slot, left, right;
    int32_t missing; /* TREE_MISSING or -1 */
    int32_t missing_left;
    float value;
} tree_node;
/* predictions[rows[i]] += value of the leaf that the row reaches. With rows NULL, the rows are 0..<count. */
void tree_add_leaves(const tree_node *nodes, const uint8_t *table, int64_t block_stride, const uint32_t *rows,
                     int64_t count, float *predictions);
#endif
