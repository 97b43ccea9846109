#ifndef SENTIO_CAUDIOKERNELS_H
#define SENTIO_CAUDIOKERNELS_H
/* Inner loops of SentioAudio, one C file per family. Each function is compiled for several x86-64 levels (see
   kernel.h), and the loader selects one. All control flow around them is in Swift. */
#include "audio_kernels.h"
#endif
