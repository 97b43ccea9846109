#ifndef SENTIO_CKERNELS_H
#define SENTIO_CKERNELS_H
/* Hot element-wise loops, one small C file a family. Each function is compiled for several x86-64 levels
   (see kernel.h) and the loader picks one; everything that steers them is Swift. */
#include "audio_kernels.h"
#include "nn_kernels.h"
#include "tree_kernels.h"
#include "svm_kernels.h"
#endif
