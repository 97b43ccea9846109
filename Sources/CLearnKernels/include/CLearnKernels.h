#ifndef SENTIO_CLEARNKERNELS_H
#define SENTIO_CLEARNKERNELS_H
/* The hot loops of SentioLearn, one small C file per family. Vectorized functions are compiled for several x86-64
   levels, and the loader picks one (see kernel.h). All control logic is in Swift. */
#include "svm_kernels.h"
#include "tree_kernels.h"
#endif
