#ifndef SENTIO_ONEDNN_H
#define SENTIO_ONEDNN_H
#include <stdint.h>

/* Convolutions of oneDNN behind one small interface, the same for oneDNN 2.x and 3.x. Everything runs on the calling
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

/* All return oneDNN's status, 0 for success. Kernels and bias are taken once for many samples; bias may be NULL (zeros). */
int onednn_convolution_set_kernels(onednn_convolution *convolution, const float *kernels, const float *bias);
int onednn_convolution_forward(onednn_convolution *convolution, const float *x, float *y);
/* The gradient of x. */
int onednn_convolution_backward_input(onednn_convolution *convolution, const float *gradient, float *x_gradient);
/* Adds the gradients of kernels and, where not NULL, of the bias. */
int onednn_convolution_backward_kernels(onednn_convolution *convolution, const float *x, const float *gradient,
                                        float *kernel_gradient, float *bias_gradient);
#endif
