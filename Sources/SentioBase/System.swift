// The C library, whichever the platform has: a file that imports `SentioBase` sees its functions.

#if canImport(Glibc)
@_exported public import Glibc
#elseif canImport(Musl)
@_exported public import Musl
#else
@_exported public import Darwin
#endif
