/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How a field shows, and tells a screen reader, that what stands in it cannot be. */

void       kith_entry_state_complain  (GtkWidget  *entry,
                                       const char *words,
                                       GtkWidget  *shown_by);
void       kith_entry_state_say       (GtkWidget  *widget);
GtkWidget *kith_entry_state_new_label (void);
void       kith_entry_state_show      (GtkWidget  *entry,
                                       const char *words,
                                       GtkLabel   *label);

G_END_DECLS
