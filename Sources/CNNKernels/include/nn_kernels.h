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
/* Exact GELU, x * Phi(x), and its derivative times `gradient`. */
void nn_gelu(const float *x, int64_t count, float *out);
void nn_gelu_gradient(const float *x, const float *gradient, int64_t count, int accumulates, float *out);
void nn_dropout(const float *x, int64_t count, uint64_t key, uint32_t first, uint32_t threshold, float scale,
                int accumulates, float *out);

/* nn_norm.c */
/* y = (x - mean) / sqrt(variance + epsilon) * weight + bias for each row; `mean` and `inverse` (1 / deviation) are
   written for the backward pass. */
void nn_layer_norm(const float *x, int64_t rows, int64_t columns, const float *weight, const float *bias, float epsilon,
                   float *mean, float *inverse, float *out);
/* Adds to weight_gradient and bias_gradient, unless they are NULL. */
void nn_layer_norm_gradient(const float *x, int64_t rows, int64_t columns, const float *weight, const float *mean,
                            const float *inverse, const float *gradient, int accumulates, float *x_gradient,
                            float *weight_gradient, float *bias_gradient);

/* nn_attention.c: blocks of scores [rows][columns] of one head. Dropout takes 16 random bits per score, so `threshold`
   is a probability times 2^16: in row r, columns 16 g + l and 16 g + 8 + l (l < 8) share the random number of counter
   first + r * step + 8 g + l. */
/* scores -> exp(scale * score - maximum), masked by dropout. The sums before dropout are returned as 1 / sum in
   inverse[rows] and as maximum + log(sum) in lse[rows]. */
void nn_softmax_block(float *scores, int64_t rows, int64_t columns, float scale, uint64_t key, uint32_t first,
                      uint32_t step, uint32_t threshold, float keep, float *inverse, float *lse);
/* scores -> probabilities after dropout; dp -> gradient of the raw scores; `delta` is each row's sum of output times
   gradient. */
void nn_softmax_block_gradient(float *scores, float *dp, int64_t rows, int64_t columns, float scale, const float *lse,
                               const float *delta, uint64_t key, uint32_t first, uint32_t step, uint32_t threshold,
                               float keep);
/* out[row] = sum over columns of a * b; the strides are those between rows. */
void nn_row_dots(const float *a, int64_t a_stride, const float *b, int64_t b_stride, int64_t rows, int64_t columns,
                 float *out);

/* nn_extremes.c: y[map][frame][band] = bias + sum of kernels[map][i][j] x[frame + i - padding][band + j] for bands that
   the whole kernel covers; of these, only the highest and the lowest of each frame. */
typedef struct {
    int64_t frames, bands;
    int64_t maps, length, height;
    /* Frames of zeros at either end. */
    int64_t padding;
    /* Whether products are shared by blocks of `block` bands. If so, 6 * block is at least bands - height + 1. */
    int32_t reuses;
    int64_t block;
} nn_extremes_shape;
/* Rows of kernels, taps not counted. Tables of rows have 12 entries more. */
int64_t nn_extremes_rows(const nn_extremes_shape *shape);
int64_t nn_extremes_kernel_count(const nn_extremes_shape *shape);
int64_t nn_extremes_input_count(const nn_extremes_shape *shape);
/* kernels [map][length][height] -> out, and where in the input each row lies. */
void nn_extremes_kernels(const nn_extremes_shape *shape, const float *kernels, int32_t *rows, float *out);
/* x [frames][bands] -> out */
void nn_extremes_input(const nn_extremes_shape *shape, const float *x, float *out);
/* out [maps][frames + 2 padding - length + 1][2]: highest, lowest. `bias` may be NULL. */
void nn_extremes(const nn_extremes_shape *shape, const float *kernels, const int32_t *rows, const float *input,
                 const float *bias, float *out);

/* nn_tiles.c: products whose right factor is packed once and used often. */
/* c = a b (+ c), with a rows x depth and b depth x columns: a[row * a_row + k * a_depth] and, in panels of 16 columns,
   b[panel * b_panel + k * b_depth + column]. One of a_row and a_depth is 1. Panels are whole: values beyond the last
   column are read but not used. The order of additions depends on `depth` alone. */
void nn_tiles(int64_t rows, int64_t columns, int64_t depth, const float *a, int64_t a_row, int64_t a_depth,
              const float *b, int64_t b_depth, int64_t b_panel, float *c, int64_t c_row, int adds);
/* Packs a right factor given as [rows = depth][columns]: b_depth is `columns` rounded up to 16, b_panel is 16. */
void nn_pack_rows(const float *values, int64_t stride, int64_t rows, int64_t columns, float *out);
/* Packs a right factor given as its transpose [rows][columns = depth], `rows` rounded up to 16: b_depth is 16, b_panel
   is 16 * depth. */
void nn_pack_columns(const float *values, int64_t stride, int64_t rows, int64_t columns, float *out);
/* Whether tiles are the fastest products on this processor; with AVX-512, or without AVX2, those of the libraries are.
   */
int nn_tiles_fit(void);

/* nn_activation.c: gradients are computed from the output. A slope of 0 is the plain ReLU. */
void nn_leaky_relu(const float *x, int64_t count, float slope, float *out);
void nn_leaky_relu_gradient(const float *y, const float *gradient, int64_t count, float slope, int accumulates, float *out);
void nn_tanh_all(const float *x, int64_t count, float *out);
void nn_tanh_gradient(const float *y, const float *gradient, int64_t count, int accumulates, float *out);
void nn_sigmoid_all(const float *x, int64_t count, float *out);
void nn_sigmoid_gradient(const float *y, const float *gradient, int64_t count, int accumulates, float *out);

/* nn_bf16.c */
/* The upper halves of float32 numbers, rounded to nearest. */
void nn_round_bf16(const float *x, int64_t count, uint16_t *out);
/* c = op(a) op(b) + beta c by plain loops with sums in float32: the reference for other implementations. op(a) is m x
   k, op(b) k x n; lda, ldb and ldc are row strides. */
void nn_bf16_product(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const uint16_t *a, int64_t lda,
                     const uint16_t *b, int64_t ldb, float beta, float *c, int64_t ldc);

/* nn_convolution.c */
/* The kernel gradient of one input channel of a convolution: x [height][width], gradient
   [groups][rows][columns][block], block a multiple of eight. Adds to out, which has kernel[0] * kernel[1] numbers for
   each of groups * block outputs, with stride `apart`; and to bias [groups * block], unless it is NULL. */
void nn_kernel_gradient_1(const float *x, int64_t height, int64_t width, const float *gradient, int64_t groups,
                          int64_t block, int64_t rows, int64_t columns, const int64_t kernel[2], const int64_t stride[2],
                          const int64_t padding[2], int64_t apart, float *out, float *bias);

/* nn_narrow.c: convolutions between groups of channels and a few single ones. x is [channels][height][width], or in
   groups [groups][height][width][block]; y likewise with [rows][columns]. Kernels are [outputs][inputs][taps]. `packed`
   is working memory. */
/* The input gradient of a convolution from a few channels to groups of channels; overwrites x. packed: groups * block
   times taps rounded up to a multiple of eight. At most 64 taps. */
void nn_wide_input_gradient(const float *gradient, int64_t groups, int64_t block, int64_t rows, int64_t columns,
                            const float *kernels, int64_t inputs, const int64_t kernel[2], const int64_t stride[2],
                            const int64_t padding[2], int64_t height, int64_t width, float *packed, float *x);
/* A convolution from groups of channels to a single channel. packed: groups * block * taps. */
void nn_narrow_forward(const float *x, int64_t groups, int64_t block, int64_t height, int64_t width,
                       const float *kernels, float bias, const int64_t kernel[2], const int64_t stride[2],
                       const int64_t padding[2], int64_t rows, int64_t columns, float *packed, float *y);
/* Its input gradient; overwrites x. packed: the same size. */
void nn_narrow_input_gradient(const float *gradient, int64_t groups, int64_t block, int64_t height, int64_t width,
                              const float *kernels, const int64_t kernel[2], const int64_t stride[2],
                              const int64_t padding[2], int64_t rows, int64_t columns, float *packed, float *x);
/* Its kernel gradient; adds to out. */
void nn_narrow_kernel_gradient(const float *x, const float *gradient, int64_t groups, int64_t block, int64_t height,
                               int64_t width, const int64_t kernel[2], const int64_t stride[2],
                               const int64_t padding[2], int64_t rows, int64_t columns, float *out);

/* nn_norm_activation.c: leaky_relu(x * scale + shift) of one group of channels, [places][block], block 1 or a multiple
   of eight; a slope of 0 is the plain ReLU. Below, g is the gradient with respect to the activation's input. */
void nn_norm_activation(const float *x, int64_t places, int64_t block, const float *scale, const float *shift,
                        float slope, float *out);
/* sums += g, dots += g * (x - mean) */
void nn_norm_activation_dots(const float *x, const float *gradient, int64_t places, int64_t block, const float *scale,
                             const float *shift, float slope, const float *mean, double *sums, double *dots);
/* out = g * by_gradient + constant + x * by_x */
void nn_norm_activation_gradient(const float *x, const float *gradient, int64_t places, int64_t block,
                                 const float *scale, const float *shift, float slope, const float *by_gradient,
                                 const float *constant, const float *by_x, int accumulates, float *out);

/* nn_pool.c */
/* Maxima of windows without padding; `places` are the indices of the first maximum in x [height][width]. */
void nn_max_pool(const float *x, int64_t height, int64_t width, const int64_t kernel[2], const int64_t stride[2],
                 int64_t rows, int64_t columns, float *out, int32_t *places);

/* nn_channels.c: one group of channels of one sample, [places][block], block 1 or a multiple of eight. The arrays per
   channel have `block` elements. */
/* sums += x - pivot, squares += (x - pivot)^2 */
void nn_channel_sums(const float *x, int64_t places, int64_t block, const float *pivot, double *sums, double *squares);
/* sums += gradient, dots += gradient * (x - mean) */
void nn_channel_dots(const float *x, const float *gradient, int64_t places, int64_t block, const float *mean,
                     double *sums, double *dots);
/* out = x * scale + shift; out may be x. */
void nn_channel_affine(const float *x, int64_t places, int64_t block, const float *scale, const float *shift, float *out);
/* out = gradient * by_gradient + constant + x * by_x */
void nn_channel_gradient(const float *x, const float *gradient, int64_t places, int64_t block, const float *by_gradient,
                         const float *constant, const float *by_x, int accumulates, float *out);

/* nn_norm_pool.c: one group of channels of one sample, [height][width][block], block a multiple of eight. */
/* out = dropout(max over windows of relu(x * scale + shift)); windows do not overlap, and a remainder that fills none
   is left out. For the gradient, unless `places` is NULL: the x of each maximum in `found`, and its place in the window
   in `places` (255: no gradient). The random counter of out's element i is first + i. */
void nn_norm_pool(const float *x, int64_t height, int64_t width, int64_t block, const float *scale, const float *shift,
                  int64_t pool_height, int64_t pool_width, uint64_t key, uint32_t first, uint32_t threshold, float keep,
                  float *out, float *found, uint8_t *places);
/* Over the elements with a gradient: sums += gradient, dots += gradient * (found - mean). */
void nn_norm_pool_dots(const float *gradient, const float *found, const uint8_t *places, int64_t count, int64_t block,
                       const float *mean, double *sums, double *dots);
/* out = (gradient if x was a maximum, else 0) * by_gradient + constant + x * by_x */
void nn_norm_pool_gradient(const float *x, int64_t height, int64_t width, int64_t block, const float *gradient,
                           const uint8_t *places, int64_t pool_height, int64_t pool_width, const float *by_gradient,
                           const float *constant, const float *by_x, int accumulates, float *out);

/* nn_recurrent.c: one time step of all samples, with PyTorch's order of gates. `previous` is NULL at the first step. */
/* Turns the gates (i, f, g, o) from sums into activations; computes the new cell and the output. */
void nn_lstm_cell(float *gates, int64_t gates_stride, int64_t rows, int64_t width, const float *previous, float *cell,
                  int64_t cell_stride, float *out, int64_t out_stride);
/* out: gradients of the gates' sums, with the row stride of the gates. `gradient` comes from above, `carried`
   [rows][width] from the next step; cell_gradient [rows][width] is that of this step's cell on entry and of the
   previous step's on return. */
void nn_lstm_cell_gradient(const float *gates, int64_t gates_stride, int64_t rows, int64_t width, const float *previous,
                           const float *cell, int64_t cell_stride, const float *gradient, int64_t gradient_stride,
                           const float *carried, float *cell_gradient, float *out);
/* Turns the gates (r, z, n) from the input's part of the sums into activations, with the recurrent part of n as a
   fourth; `recurrent` [rows][3 width] is U h + its bias. */
void nn_gru_cell(float *gates, int64_t gates_stride, int64_t rows, int64_t width, const float *recurrent,
                 const float *previous, int64_t previous_stride, float *out, int64_t out_stride);
/* out: gradients of the sums of r, z, n and of n's recurrent part. On return, `carried` is the part of the gradient
   that bypasses the gates. */
void nn_gru_cell_gradient(const float *gates, int64_t gates_stride, int64_t rows, int64_t width, const float *previous,
                          int64_t previous_stride, const float *gradient, int64_t gradient_stride, float *carried,
                          float *out);

/* nn_optimizer.c */
/* One step of AdamW (Loshchilov and Hutter 2019), with decoupled decay; corrections are 1 - beta^t. */
void nn_adamw(float *values, const float *gradient, float *m, float *v, int64_t count, float rate, float beta1,
              float beta2, float epsilon, float decay, float correction1, float correction2, float gradient_scale);
double nn_squared_norm(const float *values, int64_t count);
#endif
