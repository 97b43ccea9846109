#include "kernel.h"
#include "nn_kernels.h"
#include "nn_vector.h"

/* Six rows by sixteen columns: twelve vectors of sums, two of b and one of a fill the sixteen registers of AVX2, and
   twelve independent sums hide the latency of its two multipliers. Steps are unrolled by four because instruction
   throughput limits the loop: one more addition per row and step costs a seventh of the speed. */
#define ROWS 6
#define COLUMNS 16

typedef struct {
    const float *values;
    int64_t row, depth;
} left_t;

NN_INLINE void tile(const int rows, int64_t depth, left_t a, const float *b, int64_t b_depth, float *c, int64_t c_row,
                    int adds) {
    nn_v8 sums[ROWS][2];
    for (int i = 0; i < rows; i++) {
        sums[i][0] = sums[i][1] = (nn_v8){0};
        /* Prefetched while the sums are computed. */
        __builtin_prefetch(c + i * c_row, 1);
    }
    const float *left = a.values;
#pragma clang loop unroll_count(4)
    for (int64_t k = 0; k < depth; k++, left += a.depth, b += b_depth) {
        nn_v8 first, second;
        NN_LOAD(first, b);
        NN_LOAD(second, b + NN_V8);
        for (int i = 0; i < rows; i++) {
            float x = left[i * a.row];
            nn_v8 wide = {x, x, x, x, x, x, x, x};
            sums[i][0] += wide * first;
            sums[i][1] += wide * second;
        }
    }
    if (adds)
        for (int i = 0; i < rows; i++) {
            nn_v8 first, second;
            NN_LOAD(first, c + i * c_row);
            NN_LOAD(second, c + i * c_row + NN_V8);
            sums[i][0] += first;
            sums[i][1] += second;
        }
    for (int i = 0; i < rows; i++) {
        NN_STORE(c + i * c_row, sums[i][0]);
        NN_STORE(c + i * c_row + NN_V8, sums[i][1]);
    }
}

NN_INLINE void tile_of(int rows, int64_t depth, left_t a, const float *b, int64_t b_depth, float *c, int64_t c_row,
                       int adds) {
    switch (rows) {
    case 6: tile(6, depth, a, b, b_depth, c, c_row, adds); break;
    case 5: tile(5, depth, a, b, b_depth, c, c_row, adds); break;
    case 4: tile(4, depth, a, b, b_depth, c, c_row, adds); break;
    case 3: tile(3, depth, a, b, b_depth, c, c_row, adds); break;
    case 2: tile(2, depth, a, b, b_depth, c, c_row, adds); break;
    default: tile(1, depth, a, b, b_depth, c, c_row, adds);
    }
}

NN_INLINE void tiles(int64_t rows, int64_t columns, int64_t depth, const float *a, int64_t a_row, int64_t a_depth,
                     const float *b, int64_t b_depth, int64_t b_panel, float *c, int64_t c_row, int adds) {
    for (int64_t column = 0; column < columns; column += COLUMNS, b += b_panel) {
        int64_t wide = columns - column < COLUMNS ? columns - column : COLUMNS;
        for (int64_t row = 0; row < rows; row += ROWS) {
            int high = rows - row < ROWS ? (int)(rows - row) : ROWS;
            left_t left = {a + row * a_row, a_row, a_depth};
            float *target = c + row * c_row + column;
            if (wide == COLUMNS && high == ROWS) {
                tile(ROWS, depth, left, b, b_depth, target, c_row, adds);
            } else if (wide == COLUMNS) {
                tile_of(high, depth, left, b, b_depth, target, c_row, adds);
            } else {
                /* The last columns go through a whole tile of memory, so that nothing is written beyond them. */
                float whole[ROWS][COLUMNS];
                tile_of(high, depth, left, b, b_depth, whole[0], COLUMNS, 0);
                for (int i = 0; i < high; i++)
                    for (int64_t j = 0; j < wide; j++)
                        target[i * c_row + j] = (adds ? target[i * c_row + j] : 0.0f) + whole[i][j];
            }
        }
    }
}

/* One of the two strides of a is 1, which the compiler can see here. */
SENTIO_KERNEL
void nn_tiles(int64_t rows, int64_t columns, int64_t depth, const float *a, int64_t a_row, int64_t a_depth,
              const float *b, int64_t b_depth, int64_t b_panel, float *c, int64_t c_row, int adds) {
    if (a_depth == 1)
        tiles(rows, columns, depth, a, a_row, 1, b, b_depth, b_panel, c, c_row, adds);
    else
        tiles(rows, columns, depth, a, 1, a_depth, b, b_depth, b_panel, c, c_row, adds);
}

void nn_pack_rows(const float *values, int64_t stride, int64_t rows, int64_t columns, float *out) {
    int64_t padded = (columns + COLUMNS - 1) / COLUMNS * COLUMNS;
    for (int64_t row = 0; row < rows; row++, values += stride, out += padded) {
        memcpy(out, values, (size_t)columns * sizeof(float));
        memset(out + columns, 0, (size_t)(padded - columns) * sizeof(float));
    }
}

SENTIO_KERNEL
void nn_pack_columns(const float *values, int64_t stride, int64_t rows, int64_t columns, float *out) {
    for (int64_t first = 0; first < rows; first += COLUMNS, values += COLUMNS * stride, out += COLUMNS * columns) {
        int64_t wide = rows - first < COLUMNS ? rows - first : COLUMNS;
        if (wide < COLUMNS) memset(out, 0, (size_t)(COLUMNS * columns) * sizeof(float));
        for (int64_t column = 0; column < columns; column++)
            for (int64_t row = 0; row < wide; row++) out[column * COLUMNS + row] = values[row * stride + column];
    }
}

int nn_tiles_fit(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && !__builtin_cpu_supports("avx512f");
#elif defined(__aarch64__)
    return 1;
#else
    return 0;
#endif
}
