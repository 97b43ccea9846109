#include "kernel.h"
#include "nn_kernels.h"

SENTIO_KERNEL
void nn_max_pool(const float *x, int64_t height, int64_t width, const int64_t kernel[2], const int64_t stride[2],
                 int64_t rows, int64_t columns, float *out, int32_t *places) {
    (void)height;
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns; column++) {
            int64_t first = row * stride[0] * width + column * stride[1], best = first;
            for (int64_t i = 0; i < kernel[0]; i++)
                for (int64_t j = 0; j < kernel[1]; j++) {
                    int64_t at = first + i * width + j;
                    best = x[at] > x[best] ? at : best;
                }
            out[row * columns + column] = x[best];
            places[row * columns + column] = (int32_t)best;
        }
}
