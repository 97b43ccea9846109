#ifndef SENTIO_CAUDIOKERNELS_H
#define SENTIO_CAUDIOKERNELS_H
/* Hot loops of SentioAudio, one small C file a family. Each function is compiled for several x86-64 levels (see kernel.h) and the
   loader picks one; everything that steers them is Swift. */
#include "audio_kernels.h"
#endif
