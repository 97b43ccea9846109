#ifndef SENTIO_CSTARTUP_H
#define SENTIO_CSTARTUP_H
/* What runs before the libraries that a program is linked with: nothing to call. */
#endif
