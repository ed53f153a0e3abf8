/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-open.h"

G_BEGIN_DECLS

/* What some file systems cannot do, refused by the whole process: for the ways around it. */

/* Another name for a file that is there. */
void  kith_test_refuse_links  (gboolean is_refused);

/* A disk that hangs: names for files are held back until it is over. */
void  kith_test_hold_links    (gboolean is_held);
/* That wait, or that were given. */
guint kith_test_count_held    (void);
guint kith_test_count_links   (void);

G_END_DECLS
