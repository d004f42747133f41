#ifndef WHEREFORE_CLAPACK_SHIM_H
#define WHEREFORE_CLAPACK_SHIM_H
#include <cblas.h>
#include <lapacke.h>

/* lapack_int is a macro; Swift sees only typedefs. */
typedef lapack_int wherefore_lapack_int;

/* OpenBLAS's thread setting and description; not declared by the reference cblas.h. */
void openblas_set_num_threads(int num_threads);
int openblas_get_num_threads(void);
char *openblas_get_config(void);
char *openblas_get_corename(void);
#endif
