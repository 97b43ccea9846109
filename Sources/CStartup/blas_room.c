// OpenBLAS takes buffers of some 300 MB when it is loaded, and asks for it again and again, for ever, where the system does not
// give it (`ulimit -v`). This runs before it, and says so instead.
#if defined(__linux__)
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static void expect_room_for_blas(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    const size_t room = (size_t)384 << 20;
    void *place = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place != MAP_FAILED) {
        munmap(place, room);
        return;
    }
    static const char text[] = "error: This process may use too little address space to begin. Raise the limit (ulimit -v).\n";
    ssize_t ignored = write(2, text, sizeof text - 1);
    (void)ignored;
    _exit(1);
}

// Only the executable's own may come before the libraries' constructors.
__attribute__((used, section(".preinit_array"))) static void (*const before_libraries)(void) = expect_room_for_blas;
#endif
