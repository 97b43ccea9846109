#ifndef SENTIO_CNNKERNELS_H
#define SENTIO_CNNKERNELS_H
/* Hot loops of SentioNN, one small C file a family. Each function is compiled for several x86-64 levels (see kernel.h) and the
   loader picks one; everything that steers them is Swift. */
#include "nn_kernels.h"
#endif
