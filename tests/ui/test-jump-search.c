/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which order people, groups and actions are offered. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-init.h"
#include "kith-test-scene.h"
#include "node/kith-node-private.h"
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;

  g_test_add_func ("/jump-search/kinds", test_kinds);

  return g_test_run ();
}
