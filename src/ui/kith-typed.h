/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

/* What somebody has typed in a dialog when Kith is locked, hidden or ends: it is kept in the profile, and stands there
 * again when the dialog opens the next time. Who closes a dialog by hand wants nothing of it. */

void kith_typed_watch    (GtkWidget  *input,
                          KithNode   *node,
                          const char *name);
void kith_typed_put_back (GtkWidget  *input);
void kith_typed_done     (GtkWidget  *input);
void kith_typed_keep_all (GtkWindow  *dialog);
void kith_typed_forget   (KithNode   *node,
                          const char *name);

G_END_DECLS
