/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which order people, groups and actions are offered, and what the rows look like. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-init.h"
#include "kith-test-scene.h"
#include "node/kith-node-private.h"
#include "ui/dialogs/kith-jump-dialog.h"
#include "ui/kith-application.h"
#include "ui/kith-jump-item.h"
#include "ui/kith-jump-search.h"

static void
add_person (Scene *scene, const char *name)
{
  g_autoptr (KithContact) contact = scene_make_person (scene, name);
  g_autoptr (KithConversation) conversation = kith_conversation_new (contact);

  g_list_store_append (scene->node->conversations, conversation);
}

static void
add_group (Scene *scene, const char *name)
{
  guint8 id[KITH_GROUP_ID_BYTES] = { (guint8) ++scene->next, 99 };
  g_autoptr (KithGroup) group = kith_group_new (id);
  g_autoptr (KithConversation) conversation = NULL;

  kith_group_set_name (group, name);
  conversation = kith_conversation_new_for_group (group);
  g_list_store_append (scene->node->conversations, conversation);
}

/* Returns: (transfer full): the titles, with a bar where another kind begins; actions as one */
static char *
dup_offered (Scene *scene, const char *text)
{
  g_autoptr (GPtrArray) more = g_ptr_array_new ();
  g_autoptr (GPtrArray) items = kith_jump_search_find (scene->node, NULL, NULL, more, text);
  GString *offered = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      KithJumpItem *item = g_ptr_array_index (items, i);
      KithJumpKind kind = kith_jump_item_get_kind (item);
      gboolean is_same = i > 0 && kith_jump_item_get_kind (g_ptr_array_index (items, i - 1)) == kind;

      if (kind != KITH_JUMP_ACTION)
        g_string_append_printf (offered, "%s%s", is_same ? ", " : i == 0 ? "" : " | ", kith_jump_item_get_title (item));
      else if (!is_same)
        g_string_append (offered, " | …");
    }

  return g_string_free (offered, FALSE);
}

static void
test_kinds (void)
{
  g_auto (Scene) scene;
  g_autofree char *recent = NULL;
  g_autofree char *found = NULL;
  g_autofree char *best = NULL;

  scene_init (&scene);
  add_person (&scene, "Lara");
  add_group (&scene, "Lake");
  add_person (&scene, "Xenia Lake");
  add_group (&scene, "Lanterns");

  /* Those of late stay in their order, each with its kind. */
  recent = dup_offered (&scene, "");
  g_assert_cmpstr (recent, ==, "Lara, Xenia Lake | Lake, Lanterns | …");
  /* The kind of what was found best comes first. */
  found = dup_offered (&scene, "lara");
  g_assert_cmpstr (found, ==, "Lara");
  best = dup_offered (&scene, "lake");
  g_assert_cmpstr (best, ==, "Lake | Xenia Lake");
}

/* --- What it looks like --------------------------------------------------------------------- */

/* Where neither a heading nor a name has letters. Returns: how opaque the row itself is there, in 255 */
static guint
get_opacity (GtkWidget *row, int y)
{
  int width = gtk_widget_get_width (row), height = gtk_widget_get_height (row);
  gsize stride = (gsize) width * sizeof (guint32);
  g_autofree guint32 *pixels = g_malloc0 (stride * (gsize) height);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (row);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  g_assert_cmpint (y, >=, 0);
  g_assert_cmpint (y, <, height);
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), width, height);
  node = gtk_snapshot_to_node (snapshot);
  if (node == NULL)
    return 0;

  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (row)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_download (texture, (guchar *) pixels, stride);

  return pixels[y * width + width * 3 / 4] >> 24;
}

/* Returns: (transfer none): what is below the heading */
static GtkWidget *
get_content (GtkWidget *row)
{
  return gtk_widget_get_last_child (gtk_widget_get_first_child (row));
}

static GtkWidget *
get_row (GtkWidget *list, guint n)
{
  GtkWidget *row = gtk_widget_get_first_child (list);

  while (n-- > 0)
    row = gtk_widget_get_next_sibling (row);

  return row;
}

/* The heading is not part of what is marked, and the row below it is as high as the others. */
static void
test_marked (void)
{
  g_auto (Scene) scene;
  g_autoptr (GPtrArray) more = g_ptr_array_new ();
  g_autoptr (KithApplication) application = kith_application_new ();
  GtkWidget *dialog, *list, *row;
  int height;

  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL)); /* brings the styles */
  scene_init (&scene);
  add_person (&scene, "Lara");
  add_person (&scene, "Xenia");
  dialog = kith_jump_dialog_new (NULL, scene.node, NULL, NULL, more);
  list = scene_find (dialog, GTK_TYPE_LIST_VIEW, NULL);
  gtk_window_present (GTK_WINDOW (dialog));
  wait_for ((row = get_row (list, 0)) != NULL && gtk_widget_get_mapped (row) && gtk_widget_get_height (row) > 0);
  height = gtk_widget_get_height (row);
  g_assert_cmpint (height, >, gtk_widget_get_height (get_content (row)) + 10);

  wait_for (get_opacity (row, height - 12) > 0);
  g_assert_cmpuint (get_opacity (row, 6), ==, 0);
  /* Of the actions the first has a heading. */
  g_assert_cmpint (gtk_widget_get_height (get_content (get_row (list, 2))), ==,
                   gtk_widget_get_height (get_content (get_row (list, 3))));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;

  g_test_add_func ("/jump-search/kinds", test_kinds);
  g_test_add_func ("/jump-search/marked", test_marked);

  return g_test_run ();
}
