#include <stddef.h>
#include <cblas.h>

/* The LAPACK routines that Sentio calls, in their Fortran form (columns first, everything by address).
   The trailing size_t arguments are the lengths of the character arguments, as gfortran passes them. */
void dpotrf_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info, size_t uplo_length);
void dpotrs_(const char *uplo, const blasint *n, const blasint *nrhs, const double *a, const blasint *lda,
             double *b, const blasint *ldb, blasint *info, size_t uplo_length);
void dpocon_(const char *uplo, const blasint *n, const double *a, const blasint *lda, const double *anorm,
             double *rcond, double *work, blasint *iwork, blasint *info, size_t uplo_length);
void dsyevd_(const char *jobz, const char *uplo, const blasint *n, double *a, const blasint *lda, double *w,
             double *work, const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info,
             size_t jobz_length, size_t uplo_length);

/* What this thread last set OpenBLAS's number of threads to; 0 before. */
static inline int *openblas_threads_of_this_thread(void) {
    static _Thread_local int count;
    return &count;
}
