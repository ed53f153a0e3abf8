/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

/* What somebody has typed in a dialog when Kith is locked, hidden or ends: it is kept in the profile, and stands there
 * again when the dialog opens the next time. Who closes a dialog by hand wants nothing of it. What is on its way
 * then, to be saved or sent, is kept only if that fails. */

typedef struct _KithTypedSaving KithTypedSaving;

void             kith_typed_watch    (GtkWidget       *input,
                                      KithNode        *node,
                                      const char      *name);
void             kith_typed_unwatch  (GtkWidget       *input);
void             kith_typed_put_back (GtkWidget       *input);
void             kith_typed_done     (GtkWidget       *input);
KithTypedSaving *kith_typed_begin    (GtkWidget       *input);
gpointer         kith_typed_end      (KithTypedSaving *saving,
                                      gboolean         is_saved);
void             kith_typed_set_secret (GtkWidget     *input,
                                        gboolean       is_secret);
void             kith_typed_keep_all (GtkWindow       *dialog);
void             kith_typed_keep     (KithNode        *node,
                                      const char      *name,
                                      const char      *text);
char            *kith_typed_dup      (KithNode        *node,
                                      const char      *name);
void             kith_typed_forget   (KithNode        *node,
                                      const char      *name);
void             kith_typed_let_go   (GtkEditable     *row);

G_END_DECLS
