#ifndef SENTIO_SVM_KERNELS_H
#define SENTIO_SVM_KERNELS_H
#include <stdint.h>

/* products[i] = exp(-gamma * max(0, norm + norms[i] - 2 products[i])): inner products with one row to RBF values.
   Error below 2 ulp; 0 below the smallest normal number. */
void svm_rbf(double *products, int64_t count, double gamma, double norm, const double *norms);

/* Kernel values are kept in single precision, as LIBSVM keeps them. */
void svm_narrow(const double *values, float *result, int64_t count);

/* Sequential minimal optimisation of epsilon-SVR in b = a - a*, -c <= b <= c, with errors e = y - Kb.
   rise(i) = e + epsilon where b < 0, e - epsilon where 0 <= b < c, -inf at c: the gain a unit of raising b.
   fall(i) = e - epsilon where b > 0, e + epsilon where -c < b <= 0, +inf at -c: the cost a unit of lowering b. */

/* errors[i] -= move * (first[i] - second[i]), then the index of the largest rise, the first of equals. */
int64_t svm_move_and_raise(double *errors, const double *coefficients, const float *first, const float *second, double move,
                           double c, double epsilon, int64_t count, double *largest_rise);

/* The index whose fall, together with a rise of `rise` at the row's own song, promises the largest gain by second-order
   estimate, the first of equals; -1 where there is none. lowest_fall: the smallest fall of all. */
int64_t svm_choose_fall(const double *errors, const double *coefficients, const float *row, const double *diagonal,
                        double own_diagonal, double rise, double c, double epsilon, int64_t count, double *lowest_fall);
#endif
