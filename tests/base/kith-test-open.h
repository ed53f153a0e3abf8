/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands in the place of a function of the C library, for the libraries as well. */
#define KITH_TEST_PUBLIC __attribute__ ((visibility ("default")))

typedef int (*KithTestOpenFunc) (const char  *path,
                                 int          flags,
                                 unsigned int mode);

/* There are no files without a name, as some file systems have none: for the ways around that. */
void kith_test_refuse_unnamed (gboolean         is_refused);

/* Whatever the process opens is opened by @func from now on, in any thread; that calls kith_test_open_plainly(). */
void kith_test_open_through   (KithTestOpenFunc func);
int  kith_test_open_plainly   (const char      *path,
                               int              flags,
                               unsigned int     mode);

G_END_DECLS
