/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Whether a window holds what is in it: measures what is shown, as it is shown. */

/* Returns: whether a text may end in three dots */
typedef gboolean (*LayoutMayCutFunc) (const char *text,
                                      gpointer    user_data);

/* Gives it a size without the frame, and waits until it is drawn so. 0 leaves that side as it is */
void  layout_resize  (GtkWindow       *window,
                      int              width,
                      int              height);
/* Waits until it is drawn as it is now. */
void  layout_settle  (GtkWindow       *window);
/* Returns: (transfer full) (nullable): what is wrong in it, a line each; %NULL when all is well */
char *layout_find_faults (GtkWindow       *window,
                          int              width,
                          LayoutMayCutFunc may_cut,
                          gpointer         user_data);
/* Writes what it shows, without its frame. */
void  layout_save    (GtkWindow       *window,
                      const char      *path);

G_END_DECLS
