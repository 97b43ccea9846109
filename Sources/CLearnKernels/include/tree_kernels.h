#ifndef SENTIO_TREE_KERNELS_H
#define SENTIO_TREE_KERNELS_H
#include <stdint.h>

/* Histogram gradient boosting. Columns come in blocks of TREE_LANES: bin codes of a block are [row][lane], its
   histogram is [TREE_SLOTS][lane], so that a scan over slots is TREE_LANES independent prefix sums.
   A gradient pair is one int64: the quantised gradient in the high, the quantised hessian (>= 0) in the low 32 bits;
   one addition adds both. Callers choose scales by which no sum leaves 32 bits. Sums of integers do not depend on order,
   so neither threads nor the order of rows changes a result. Histograms are aligned to 64 bytes. */
#define TREE_LANES 16
#define TREE_SLOTS 256
/* The code of a missing value in a column that has some; its values then have codes below. */
#define TREE_MISSING 255

/* tree_bins.c */
/* Sorts `count` floats upwards (-0 before 0); spare has room for as many. None may be NaN. */
void tree_sort(float *values, float *spare, int64_t count);
/* codes[i * TREE_LANES] = how many of the rising cuts are <= values[i]; `missing` for NaN. `cuts` is 256 long, padded
   with infinity. */
void tree_assign_bins(const float *values, int64_t count, const float *cuts, uint8_t missing, uint8_t *codes);
/* One block of packed codes: out[i][lane] = code of rows[i] in column columns[lane] of a table of `blocks_stride` bytes a
   block; lanes from `lanes` on are 0. */
void tree_pack_block(const uint8_t *table, int64_t block_stride, const uint32_t *rows, int64_t count,
                     const int32_t *columns, int64_t lanes, uint8_t *out);

/* tree_histogram.c */
/* hist[code][lane] += pairs[i] for the codes of rows[i]. */
void tree_histogram(const uint8_t *codes, const uint32_t *rows, const int64_t *pairs, int64_t count, int64_t *hist);
/* larger = parent - smaller, in the place of the parent. */
void tree_subtract(int64_t *parent, const int64_t *smaller, int64_t count);

/* tree_scan.c */
/* What the plain search (L2 penalty only, no missing values) needs of a node. With quantised hessians A left, B right,
   gradients l left, g of the node, lambda in quanta of hessian and S = A + B + 2 lambda, the score of a split is
   (l S - g (A + lambda))^2 / ((A + lambda) (B + lambda)), up to a factor: the loss change up to a factor and an offset of
   the node, without its cancellation. */
typedef struct {
    float gradient_unit; /* of l */
    float slope, offset; /* g and g lambda, both / S, in gradient_unit */
    float penalty;       /* (A + lambda) (B + lambda) - A B */
    int32_t hessian;     /* A + B */
    int32_t smallest;    /* smallest A and B of a split */
} tree_terms;

/* For each lane the slot s whose split (codes <= s left) scores best, the first of equals; score -1 where no split is
   allowed. */
void tree_scan(const int64_t *hist, int32_t slots, const tree_terms *terms, float *scores, int32_t *best);
/* The same for two children at once, the larger one's histogram being parent - smaller. With `keep` it takes the parent's
   place; without, `smaller` is set to 0 for its next use. */
void tree_scan_pair(int64_t *parent, int64_t *smaller, int32_t slots, const tree_terms *smaller_terms,
                    const tree_terms *larger_terms, int32_t keep, float *smaller_scores, int32_t *smaller_best,
                    float *larger_scores, int32_t *larger_best);

/* tree_rules.c */
/* What the full search (L1 penalty, monotone bounds, missing values) needs of a node, in real units. */
typedef struct {
    double gradient_unit, hessian_unit;
    double lambda, alpha;
    double lower, upper; /* bounds of the node's weight */
    int64_t total;       /* the node's gradient pair */
    int32_t smallest;    /* smallest quantised hessian of a child */
    int32_t bounded;     /* whether weights are bounded: some column is monotone */
} tree_rules;

/* Scores are XGBoost's gain of both children, -INFINITY where no split is allowed. missing[lane]: the column has the
   code TREE_MISSING; monotone[lane] is -1, 0 or 1; missing_left[lane] is where missing values go in the best split; they are alone on the
   left where best[lane] is -1. */
void tree_scan_rules(const int64_t *hist, int32_t slots, const uint8_t *missing, const int8_t *monotone,
                     const tree_rules *rules, double *scores, int32_t *best, uint8_t *missing_left);

/* tree_rows.c */
/* Moves the rows with code <= slot (or missing, if missing_left) to the front and the others to the spares, keeping their
   order; returns how many are in front, and the sum of their pairs in *left. missing is TREE_MISSING or -1. The spares have
   room for `count`. */
int64_t tree_partition(const uint8_t *codes, uint32_t *rows, int64_t *pairs, int64_t count, int32_t slot, int32_t missing,
                       int32_t missing_left, uint32_t *spare_rows, int64_t *spare_pairs, int64_t *left);
/* A node of a finished tree over bins: column < 0 for a leaf. */
typedef struct {
    int32_t column, slot, left, right;
    int32_t missing; /* TREE_MISSING or -1 */
    int32_t missing_left;
    float value;
} tree_node;
/* predictions[rows[i]] += value of the leaf that the row reaches; rows NULL: 0..<count. */
void tree_add_leaves(const tree_node *nodes, const uint8_t *table, int64_t block_stride, const uint32_t *rows,
                     int64_t count, float *predictions);
#endif
