#ifndef SENTIO_SVM_KERNELS_H
#define SENTIO_SVM_KERNELS_H
#include <stdint.h>

/* Turns inner products with one row into RBF values:
   products[i] = exp(-gamma * max(0, norm + norms[i] - 2 products[i])).
   The error is below 2 ulp; results below the smallest normal number are 0. */
void svm_rbf(double *products, int64_t count, double gamma, double norm, const double *norms);

/* Rounds kernel values to single precision, in which they are stored, as in LIBSVM. */
void svm_narrow(const double *values, float *result, int64_t count);

/* Sequential minimal optimization of epsilon-SVR in b = a - a*, -c <= b <= c, with the errors e = y - Kb.
   rise(i), the gain per unit of raising b: e + epsilon if b < 0, e - epsilon if 0 <= b < c, -inf at c.
   fall(i), the cost per unit of lowering b: e - epsilon if b > 0, e + epsilon if -c < b <= 0, +inf at -c. */

/* Does errors[i] -= move * (first[i] - second[i]), then returns the index of the largest rise, the first of equals. */
int64_t svm_move_and_raise(double *errors, const double *coefficients, const float *first, const float *second,
                           double move, double c, double epsilon, int64_t count, double *largest_rise);

/* Returns the partner for a song with the given rise and kernel row: the index with the largest gain by second-order
   estimate, the first of equal ones; -1 if there is none. lowest_fall: the smallest fall of all songs. */
int64_t svm_choose_fall(const double *errors, const double *coefficients, const float *row, const double *diagonal,
                        double own_diagonal, double rise, double c, double epsilon, int64_t count, double *lowest_fall);
#endif
