#ifndef SENTIO_CNNKERNELS_H
#define SENTIO_CNNKERNELS_H
/* Hot loops of SentioNN, one small C file per family. Each function is compiled for several x86-64 levels (see
   kernel.h), of which the loader picks one. All control flow above them is Swift. */
#include "nn_kernels.h"
#endif
