#ifndef SENTIO_NN_VECTOR_H
#define SENTIO_NN_VECTOR_H
#include "nn_math.h"

/* Eight adjacent channels. The compiler maps them to the vectors of each clone's processor. */
typedef float nn_v8 __attribute__((vector_size(32)));
typedef int32_t nn_i8 __attribute__((vector_size(32)));
typedef uint32_t nn_u8 __attribute__((vector_size(32)));
typedef uint8_t nn_b8 __attribute__((vector_size(8)));
#define NN_V8 8

#define NN_LOAD(v, p) __builtin_memcpy(&(v), (p), sizeof(v))
#define NN_STORE(p, v) __builtin_memcpy((p), &(v), sizeof(v))
/* Lanes of a where the mask is set, of b elsewhere. */
#define NN_SELECT(mask, a, b) ((__typeof__(b))(((nn_i8)(a) & (mask)) | ((nn_i8)(b) & ~(mask))))
#endif
