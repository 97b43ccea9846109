// OpenBLAS allocates buffers of about 300 MB when it is loaded, and retries forever if the address space is limited
// (`ulimit -v`). This check runs earlier and ends the process with a message instead.
#if defined(__linux__)
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static void require_blas_memory(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    const size_t needed = (size_t)384 << 20;
    void *place = mmap(NULL, needed, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place != MAP_FAILED) {
        munmap(place, needed);
        return;
    }
    static const char text[] =
        "error: The address space limit of this process is too low to start. Raise the limit (ulimit -v).\n";
    ssize_t ignored = write(2, text, sizeof text - 1);
    (void)ignored;
    _exit(1);
}

// Only functions in .preinit_array of the executable itself run before the constructors of libraries.
__attribute__((used, section(".preinit_array"))) static void (*const before_libraries)(void) = require_blas_memory;
#endif
