/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-scene.h"

#include <string.h>

#include "node/kith-node-groups.h"

gboolean
scene_late_cb (gpointer user_data)
{
  g_error ("It takes too long");
}

void
test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

KithContact *
scene_make_person (Scene *scene, const char *name)
{
  guint8 identity[KITH_IDENTITY_BYTES] = { 0 };
  g_autofree char *id = g_strdup_printf ("kith-%s-1234-5678", name);
  KithContact *contact;

  identity[0] = (guint8) ++scene->next;
  identity[1] = (guint8) (scene->next >> 8);
  contact = kith_contact_new (identity, id);
  kith_contact_set_name (contact, name);
  kith_contact_set_relation (contact, KITH_RELATION_MUTUAL);

  return contact;
}

KithMessage *
scene_make_message (Scene *scene, KithContact *sender, const char *text)
{
  guint8 id[KITH_MESSAGE_ID_BYTES] = { 0 };

  scene->next++;
  memcpy (id, &scene->next, sizeof scene->next);

  return kith_message_new (id, sender, scene->next, 1700000000000 + scene->next, text);
}

void
scene_init (Scene *scene)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) made = NULL;

  *scene = (Scene){ .node = kith_node_new_in_memory () };
  kith_node_open_async (scene->node, NULL, test_result_cb, &opened);
  wait_for (opened != NULL);
  g_assert_true (kith_node_open_finish (scene->node, opened, NULL));
  kith_node_create_profile_async (scene->node, "Ann", NULL, test_result_cb, &made);
  wait_for (made != NULL);
  g_assert_true (kith_node_create_profile_finish (scene->node, made, NULL));

  scene->ben = scene_make_person (scene, "Ben");
  scene->conversation = kith_conversation_new (scene->ben);
}

void
scene_clear (Scene *scene)
{
  g_autoptr (GAsyncResult) ended = NULL;

  g_clear_object (&scene->conversation);
  g_clear_object (&scene->ben);
  kith_node_shutdown_async (scene->node, test_result_cb, &ended);
  wait_for (ended != NULL);
  g_assert_true (kith_node_shutdown_finish (scene->node, ended, NULL));
  g_clear_object (&scene->node);
}

GtkWidget *
scene_find (GtkWidget *widget, GType type, const char *css_class)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type)
      && (css_class == NULL || gtk_widget_has_css_class (widget, css_class)))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = scene_find (child, type, css_class);

      if (found != NULL)
        return found;
    }

  return NULL;
}

gboolean
scene_has_label (GtkWidget *widget, const char *part)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), part) != NULL)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (scene_has_label (child, part))
      return TRUE;

  return FALSE;
}

KithConversation *
scene_make_group (Scene *scene)
{
  g_autoptr (GAsyncResult) made = NULL;
  g_autoptr (KithGroup) group = NULL;

  kith_node_create_group_async (scene->node, "Alone", NULL, NULL, test_result_cb, &made);
  wait_for (made != NULL);
  group = kith_node_create_group_finish (scene->node, made, NULL, NULL);
  g_assert_nonnull (group);

  return kith_node_get_group_conversation (scene->node, group);
}

static void
say_cb (GtkWidget *widget, GVariant *parameter)
{
  g_object_set_data_full (G_OBJECT (widget), "said", g_variant_dup_string (parameter, NULL), g_free);
}

GtkWidget *
scene_make_window (GtkWidget *child)
{
  GtkWidget *window = adw_window_new ();
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) toast = g_simple_action_new ("toast", G_VARIANT_TYPE_STRING);

  g_signal_connect_swapped (toast, "activate", G_CALLBACK (say_cb), window);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (toast));
  gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (actions));
  adw_window_set_content (ADW_WINDOW (window), child);

  return window;
}

guint
scene_count_children (GtkWidget *widget)
{
  g_autoptr (GListModel) children = gtk_widget_observe_children (widget);

  return g_list_model_get_n_items (children);
}
