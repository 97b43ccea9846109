#ifndef SENTIO_ONEDNN_H
#define SENTIO_ONEDNN_H
#include <stdint.h>

/* Convolutions and matrix products of oneDNN behind one small interface, the same for oneDNN 2.x and 3.x. Everything
   runs on the calling thread; to use several threads, divide samples among them and give each its own convolution. */

/* One sample: x [inputs][height][width] to y [outputs][out_height][out_width], float32, with zero padding. With a block
   of b > 1, channels are in groups of b: [channels / b][height][width][b]. Kernels are [outputs][inputs]
   [kernel_height][kernel_width] whatever the blocks. */
typedef struct {
    int32_t inputs, outputs, height, width, out_height, out_width;
    int32_t kernel_height, kernel_width, stride_height, stride_width, padding_height, padding_width;
    int32_t input_block, output_block;
} onednn_convolution_shape;

typedef struct onednn_convolution onednn_convolution;

/* The group size at which this processor's convolutions are fastest: 16 channels with AVX-512, 8 without. */
int onednn_channel_block(void);

/* NULL if oneDNN refuses; *status is its reason. A convolution is not thread-safe. */
onednn_convolution *onednn_convolution_create(const onednn_convolution_shape *shape, int *status);
void onednn_convolution_destroy(onednn_convolution *convolution);
/* Bytes that it holds: kernels in oneDNN's layouts, and working memory. */
int64_t onednn_convolution_bytes(const onednn_convolution *convolution);

/* All return oneDNN's status, 0 for success. Kernels and bias are copied once for many samples; bias may be NULL
   (zeros). */
int onednn_convolution_set_kernels(onednn_convolution *convolution, const float *kernels, const float *bias);
int onednn_convolution_forward(onednn_convolution *convolution, const float *x, float *y);
/* Overwrites the gradient of x. */
int onednn_convolution_backward_input(onednn_convolution *convolution, const float *gradient, float *x_gradient);
/* Adds to the gradients of the kernels and, unless it is NULL, of the bias. */
int onednn_convolution_backward_kernels(onednn_convolution *convolution, const float *x, const float *gradient,
                                        float *kernel_gradient, float *bias_gradient);

/* c = alpha op(a) op(b) + beta c in row-major order: op(a) is m x k, op(b) k x n; lda, ldb and ldc are row strides. For
   small and narrow products this is up to a third faster than OpenBLAS. */
int onednn_product(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                   int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

/* Whether this processor has bfloat16 arithmetic (AVX-512 bf16 or AMX) and this oneDNN a product that uses it. */
int onednn_has_bf16(void);
/* The same product of bfloat16 numbers, with sums in float32 and alpha = 1. */
int onednn_product_bf16(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const uint16_t *a, int64_t lda,
                        const uint16_t *b, int64_t ldb, float beta, float *c, int64_t ldc);
#endif
