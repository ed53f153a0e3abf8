/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

/* Somebody's node in memory, and people and messages that stand in the model alone, for parts of the window by
 * themselves. */

#define DEADLINE_S 20

typedef struct
{
  KithNode *node;                 /* (owned) */
  KithContact *ben;               /* (owned) */
  KithConversation *conversation; /* (owned) with Ben */
  guint next;
} Scene;

#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint late_id = g_timeout_add_seconds (DEADLINE_S, scene_late_cb, NULL);                       \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (late_id);                                                                     \
  }                                                                                                \
  G_STMT_END

G_NORETURN gboolean scene_late_cb (gpointer user_data);
void test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);
/* Returns: (transfer full): somebody of whom only the name is known */
KithContact *scene_make_person (Scene *scene, const char *name);
KithMessage *scene_make_message (Scene *scene, KithContact *sender, const char *text);
void scene_init (Scene *scene);
void scene_clear (Scene *scene);
/* Returns: (transfer none): that of a group without anybody else, where messages are committed at once */
KithConversation *scene_make_group (Scene *scene);
/* Returns: (nullable): the first below @widget, or itself, that is of @type and has @css_class (NULL: any) */
GtkWidget *scene_find (GtkWidget *widget, GType type, const char *css_class);
/* Returns: (transfer none): a window that remembers what it was to say, as its data "said" */
GtkWidget *scene_make_window (GtkWidget *child);
guint scene_count_children (GtkWidget *widget);
gboolean scene_has_label (GtkWidget *widget, const char *part);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

G_END_DECLS
