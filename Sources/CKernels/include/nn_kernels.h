#ifndef SENTIO_NN_KERNELS_H
#define SENTIO_NN_KERNELS_H
#include <stdint.h>

/* Dropout masks: element i of a stream is kept where the 32 random bits of (key, i) are at or above `threshold`
   (probability threshold / 2^32 of dropping); kept values are multiplied by `scale`. Threshold 0 drops nothing. */

/* nn_elementwise.c */
void nn_add(const float *a, const float *b, int64_t count, float *out);
/* out += a */
void nn_accumulate(const float *a, int64_t count, float *out);
void nn_scale(float *values, int64_t count, float factor);
/* out[row][column] = bias[column] */
void nn_broadcast_rows(const float *bias, int64_t rows, int64_t columns, float *out);
/* out[column] += sum over rows */
void nn_sum_rows(const float *values, int64_t rows, int64_t columns, float *out);
/* Exact GELU, x * Phi(x); and its derivative times `gradient`. */
void nn_gelu(const float *x, int64_t count, float *out);
void nn_gelu_gradient(const float *x, const float *gradient, int64_t count, int accumulates, float *out);
void nn_dropout(const float *x, int64_t count, uint64_t key, uint32_t first, uint32_t threshold, float scale,
                int accumulates, float *out);

/* nn_norm.c */
/* y = (x - mean) / sqrt(variance + epsilon) * weight + bias for each row; mean and 1 / deviation are kept. */
void nn_layer_norm(const float *x, int64_t rows, int64_t columns, const float *weight, const float *bias, float epsilon,
                   float *mean, float *inverse, float *out);
/* weight_gradient and bias_gradient are added to; NULL where not wanted. */
void nn_layer_norm_gradient(const float *x, int64_t rows, int64_t columns, const float *weight, const float *mean,
                            const float *inverse, const float *gradient, int accumulates, float *x_gradient,
                            float *weight_gradient, float *bias_gradient);

/* nn_attention.c: blocks of scores [rows][columns] of one head. */
/* scores -> exp(scale * score - maximum), masked by dropout; sums (before dropout) as 1 / sum in inverse[rows] and
   logarithms maximum + log(sum) in lse[rows]. Element (r, c) has the random counter first + r * columns + c. */
void nn_softmax_block(float *scores, int64_t rows, int64_t columns, float scale, uint64_t key, uint32_t first,
                      uint32_t threshold, float keep, float *inverse, float *lse);
/* scores -> dropped probabilities; dp -> gradient of the raw scores; `delta` is the row sum of output times gradient. */
void nn_softmax_block_gradient(float *scores, float *dp, int64_t rows, int64_t columns, float scale, const float *lse,
                               const float *delta, uint64_t key, uint32_t first, uint32_t threshold, float keep);
/* out[row] = sum over columns of a * b, rows apart by their strides. */
void nn_row_dots(const float *a, int64_t a_stride, const float *b, int64_t b_stride, int64_t rows, int64_t columns,
                 float *out);

/* nn_optimizer.c */
/* One step of AdamW (Loshchilov and Hutter 2019): decay and step are apart; corrections are 1 - beta^t. */
void nn_adamw(float *values, const float *gradient, float *m, float *v, int64_t count, float rate, float beta1,
              float beta2, float epsilon, float decay, float correction1, float correction2, float gradient_scale);
double nn_squared_norm(const float *values, int64_t count);
#endif
