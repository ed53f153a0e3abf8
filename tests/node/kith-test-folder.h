/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* With all that is in it; what is linked there stays. */
void  test_remove_folder (const char *folder);
/* And folders, right in it. It has to be there. */
guint test_count_files   (const char *folder);

G_END_DECLS
