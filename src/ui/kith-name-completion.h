/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_NAME_COMPLETION (kith_name_completion_get_type ())
G_DECLARE_FINAL_TYPE (KithNameCompletion, kith_name_completion, KITH, NAME_COMPLETION, GObject)

/* Offers the names of contacts while a text begins with "@" and its first word is being typed, and behind
 * "/group new" and "/invite" for each "@"; in a group those of its members, wherever an "@" is written. The
 * list stands above the text; the cursor stays in it. */

/* (transfer full). @parent: (unowned): where the list stands, a widget with a layout manager; it disposes of this first.
 * @text_view: (unowned): what is typed into */
KithNameCompletion *kith_name_completion_new      (GtkWidget          *parent,
                                                   GtkTextView        *text_view);
/* @node: (nullable). @group: (nullable): where the text goes, when that is a group */
void                kith_name_completion_set_node (KithNameCompletion *self,
                                                   KithNode           *node,
                                                   KithGroup          *group);
/* Returns: whether the key was meant for the list: up, down, Enter, Tab, Escape while it is shown */
gboolean            kith_name_completion_take_key (KithNameCompletion *self,
                                                   guint               keyval);

G_END_DECLS
