#ifndef SENTIO_CSTARTUP_H
#define SENTIO_CSTARTUP_H
/* Checks that run before the libraries of the program are initialized. There is nothing to call. */
#endif
