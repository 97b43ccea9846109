#ifndef SENTIO_ONEDNN_H
#define SENTIO_ONEDNN_H
#include <stdint.h>

/* Convolutions and products of oneDNN behind one small interface, the same for oneDNN 2.x and 3.x. Everything runs on the calling
   thread alone: who wants more threads deals samples to them, each with a convolution of its own. */

/* One sample: x [inputs][height][width] to y [outputs][out_height][out_width], float32, padded with zeros. With a block
   of b > 1 the channels lie in groups of b: [channels / b][height][width][b]. Kernels are [outputs][inputs]
   [kernel_height][kernel_width] whatever the blocks. */
typedef struct {
    int32_t inputs, outputs, height, width, out_height, out_width;
    int32_t kernel_height, kernel_width, stride_height, stride_width, padding_height, padding_width;
    int32_t input_block, output_block;
} onednn_convolution_shape;

typedef struct onednn_convolution onednn_convolution;

/* Channels of a group that this processor's convolutions like best: 16 with AVX-512, 8 without. */
int onednn_channel_block(void);

/* NULL where oneDNN refuses; *status says why in its own numbers. For one thread at a time. */
onednn_convolution *onednn_convolution_create(const onednn_convolution_shape *shape, int *status);
void onednn_convolution_destroy(onednn_convolution *convolution);
/* Memory that it keeps: kernels in the orders it likes, and working memory. */
int64_t onednn_convolution_bytes(const onednn_convolution *convolution);

/* All return oneDNN's status, 0 for success. Kernels and bias are taken once for many samples; bias may be NULL (zeros). */
int onednn_convolution_set_kernels(onednn_convolution *convolution, const float *kernels, const float *bias);
int onednn_convolution_forward(onednn_convolution *convolution, const float *x, float *y);
/* The gradient of x. */
int onednn_convolution_backward_input(onednn_convolution *convolution, const float *gradient, float *x_gradient);
/* Adds the gradients of kernels and, where not NULL, of the bias. */
int onednn_convolution_backward_kernels(onednn_convolution *convolution, const float *x, const float *gradient,
                                        float *kernel_gradient, float *bias_gradient);

/* c = alpha op(a) op(b) + beta c, rows one after another: op(a) is m x k, op(b) k x n. Row strides lda, ldb, ldc. For small
   and slim products this is up to a third faster than OpenBLAS. */
int onednn_product(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                   int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

/* Whether this processor has arithmetic for bfloat16 (AVX-512 bf16 or AMX) and this oneDNN a product of such numbers. */
int onednn_has_bf16(void);
/* The same product of bfloat16 numbers, summed in float32; alpha is 1. */
int onednn_product_bf16(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const uint16_t *a, int64_t lda,
                        const uint16_t *b, int64_t ldb, float beta, float *c, int64_t ldc);
#endif
