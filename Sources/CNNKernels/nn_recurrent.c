#include "kernel.h"
#include "nn_kernels.h"
#include "nn_math.h"

/* Each row is a sample, with the given strides between them; a row of gates has four parts of `width`. */

SENTIO_KERNEL
void nn_lstm_cell(float *restrict gates, int64_t gates_stride, int64_t rows, int64_t width,
                  const float *restrict previous, float *restrict cell, int64_t cell_stride, float *restrict out,
                  int64_t out_stride) {
    for (int64_t row = 0; row < rows; row++, gates += gates_stride, cell += cell_stride, out += out_stride) {
        float *restrict i = gates, *restrict f = gates + width, *restrict g = gates + 2 * width,
                        *restrict o = gates + 3 * width;
        for (int64_t k = 0; k < width; k++) {
            float input = nn_sigmoid(i[k]), forget = nn_sigmoid(f[k]), fresh = nn_tanh(g[k]), open = nn_sigmoid(o[k]);
            float c = input * fresh + (previous ? forget * previous[k] : 0.0f);
            i[k] = input;
            f[k] = forget;
            g[k] = fresh;
            o[k] = open;
            cell[k] = c;
            out[k] = open * nn_tanh(c);
        }
        if (previous) previous += cell_stride;
    }
}

SENTIO_KERNEL
void nn_lstm_cell_gradient(const float *restrict gates, int64_t gates_stride, int64_t rows, int64_t width,
                           const float *restrict previous, const float *restrict cell, int64_t cell_stride,
                           const float *restrict gradient, int64_t gradient_stride, const float *restrict carried,
                           float *restrict cell_gradient, float *restrict out) {
    for (int64_t row = 0; row < rows; row++, gates += gates_stride, cell += cell_stride, gradient += gradient_stride,
                 carried += width, cell_gradient += width, out += gates_stride) {
        const float *restrict i = gates, *restrict f = gates + width, *restrict g = gates + 2 * width,
                              *restrict o = gates + 3 * width;
        float *restrict di = out, *restrict df = out + width, *restrict dg = out + 2 * width,
                        *restrict d_o = out + 3 * width;
        for (int64_t k = 0; k < width; k++) {
            float dh = gradient[k] + carried[k], t = nn_tanh(cell[k]);
            float dc = cell_gradient[k] + dh * o[k] * (1.0f - t * t);
            di[k] = dc * g[k] * i[k] * (1.0f - i[k]);
            df[k] = previous ? dc * previous[k] * f[k] * (1.0f - f[k]) : 0.0f;
            dg[k] = dc * i[k] * (1.0f - g[k] * g[k]);
            d_o[k] = dh * t * o[k] * (1.0f - o[k]);
            cell_gradient[k] = dc * f[k];
        }
        if (previous) previous += cell_stride;
    }
}

SENTIO_KERNEL
void nn_gru_cell(float *restrict gates, int64_t gates_stride, int64_t rows, int64_t width,
                 const float *restrict recurrent, const float *restrict previous, int64_t previous_stride,
                 float *restrict out, int64_t out_stride) {
    for (int64_t row = 0; row < rows; row++, gates += gates_stride, recurrent += 3 * width, out += out_stride) {
        float *restrict r = gates, *restrict z = gates + width, *restrict n = gates + 2 * width,
                        *restrict q = gates + 3 * width;
        for (int64_t k = 0; k < width; k++) {
            float reset = nn_sigmoid(r[k] + recurrent[k]), update = nn_sigmoid(z[k] + recurrent[width + k]);
            float fresh = nn_tanh(n[k] + reset * recurrent[2 * width + k]);
            r[k] = reset;
            z[k] = update;
            n[k] = fresh;
            q[k] = recurrent[2 * width + k];
            out[k] = (1.0f - update) * fresh + (previous ? update * previous[k] : 0.0f);
        }
        if (previous) previous += previous_stride;
    }
}

SENTIO_KERNEL
void nn_gru_cell_gradient(const float *restrict gates, int64_t gates_stride, int64_t rows, int64_t width,
                          const float *restrict previous, int64_t previous_stride, const float *restrict gradient,
                          int64_t gradient_stride, float *restrict carried, float *restrict out) {
    for (int64_t row = 0; row < rows;
         row++, gates += gates_stride, gradient += gradient_stride, carried += width, out += gates_stride) {
        const float *restrict r = gates, *restrict z = gates + width, *restrict n = gates + 2 * width,
                              *restrict q = gates + 3 * width;
        float *restrict dr = out, *restrict dz = out + width, *restrict dn = out + 2 * width,
                        *restrict dq = out + 3 * width;
        for (int64_t k = 0; k < width; k++) {
            float dh = gradient[k] + carried[k], before = previous ? previous[k] : 0.0f;
            float fresh = dh * (1.0f - z[k]) * (1.0f - n[k] * n[k]);
            dr[k] = fresh * q[k] * r[k] * (1.0f - r[k]);
            dz[k] = dh * (before - n[k]) * z[k] * (1.0f - z[k]);
            dn[k] = fresh;
            dq[k] = fresh * r[k];
            carried[k] = dh * z[k];
        }
        if (previous) previous += previous_stride;
    }
}
