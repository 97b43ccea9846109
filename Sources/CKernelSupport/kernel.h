#ifndef SENTIO_KERNEL_H
#define SENTIO_KERNEL_H
/* SENTIO_KERNEL before a function: clones for AVX-512, AVX2 and baseline x86-64, chosen at load time;
   on other processors the plain function. Needs no -march. */
#if defined(__x86_64__) && defined(__linux__)
#define SENTIO_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SENTIO_KERNEL
#endif
#endif
