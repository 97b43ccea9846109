#ifndef SENTIO_CLEARNKERNELS_H
#define SENTIO_CLEARNKERNELS_H
/* Hot loops of SentioLearn, one small C file a family. Each function is compiled for several x86-64 levels (see kernel.h) and the
   loader picks one; everything that steers them is Swift. */
#include "svm_kernels.h"
#include "tree_kernels.h"
#endif
