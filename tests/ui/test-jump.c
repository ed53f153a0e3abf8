/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is meant by a few typed letters. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "ui/kith-jump-item.h"
#include "ui/kith-jump-menu.h"

static void
test_order (void)
{
  /* The very beginning, all words at the beginning of some, and in the middle. */
  g_assert_cmpuint (kith_jump_rank ("ann lee", "Ann Leeds"), ==, 4);
  g_assert_cmpuint (kith_jump_rank ("an le", "Ann Lee"), ==, 2);
  g_assert_cmpuint (kith_jump_rank ("le an", "Ann Lee"), ==, 2);
  g_assert_cmpuint (kith_jump_rank ("lee", "Ann Lee"), ==, 2);
  g_assert_cmpuint (kith_jump_rank ("ee", "Ann Lee"), ==, 1);
  g_assert_cmpuint (kith_jump_rank ("ee", "Seen by Eels"), ==, 2);
  g_assert_cmpuint (kith_jump_rank ("eel", "Seen by Eels"), ==, 2);
}

static void
test_not_meant (void)
{
  g_assert_cmpuint (kith_jump_rank ("bob", "Ann Lee"), ==, 0);
  g_assert_cmpuint (kith_jump_rank ("ann bob", "Ann Lee"), ==, 0);
  g_assert_cmpuint (kith_jump_rank ("a", ""), ==, 0);
  /* Nothing typed: everything. */
  g_assert_cmpuint (kith_jump_rank ("", "Ann"), >, 0);
  g_assert_cmpuint (kith_jump_rank (" \t ", "Ann"), >, 0);
}

static void
test_scripts (void)
{
  g_assert_cmpuint (kith_jump_rank ("jurgen", "Jürgen"), ==, 4);
  g_assert_cmpuint (kith_jump_rank ("JÜRGEN", "Ju\xcc\x88rgen"), ==, 4);
  g_assert_cmpuint (kith_jump_rank ("strasse", "Kurze Straße"), ==, 2);
  g_assert_cmpuint (kith_jump_rank ("伟", "张伟"), ==, 1);
  g_assert_cmpuint (kith_jump_rank ("أحمد", "أَحمَد"), ==, 4);
  g_assert_cmpuint (kith_jump_rank ("🚣", "Boat 🚣"), ==, 2);
}

/* What is no text any more must not be followed. */
static void
test_broken (void)
{
  g_assert_cmpuint (kith_jump_rank ("\xff\xfe", "Ann"), >, 0);
  g_assert_cmpuint (kith_jump_rank ("a", "\xff\xfe"), ==, 0);
}

static gboolean
is_wanted (const char *action, gpointer user_data)
{
  return TRUE;
}

static void
check_title (const char *label, const char *expected)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_menu_append (menu, label, "win.jump");
  kith_jump_menu_collect (G_MENU_MODEL (menu), is_wanted, NULL, items);
  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpstr (kith_jump_item_get_title (g_ptr_array_index (items, 0)), ==, expected);
}

/* Wherever a language puts its mnemonics. */
static void
test_titles (void)
{
  check_title ("Jump to _Date…", "Jump to Date");
  check_title ("_Preferences", "Preferences");
  check_title ("About Kith", "About Kith");
  check_title ("跳转到日期(_J)…", "跳转到日期");
  check_title ("保存(_S)", "保存");
  check_title ("Broken (_", "Broken (");
}

/* What says too little alone has the heading above it. */
static void
test_sections (void)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *none = NULL;
  g_autofree char *sort = NULL;

  g_menu_append (menu, "_Help", "app.help");
  g_menu_append (section, "By _Name", "sidebar.sort::name");
  g_menu_append_section (menu, "Sort", G_MENU_MODEL (section));
  kith_jump_menu_collect (G_MENU_MODEL (menu), is_wanted, NULL, items);
  g_assert_cmpuint (items->len, ==, 2);

  none = kith_jump_item_dup_subtitle (g_ptr_array_index (items, 0));
  sort = kith_jump_item_dup_subtitle (g_ptr_array_index (items, 1));
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (kith_jump_item_get_title (g_ptr_array_index (items, 1)), ==, "By Name");
  g_assert_cmpstr (sort, ==, "Sort");
  g_assert_cmpstr (kith_jump_item_get_action (g_ptr_array_index (items, 1)), ==, "sidebar.sort::name");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jump/order", test_order);
  g_test_add_func ("/jump/not-meant", test_not_meant);
  g_test_add_func ("/jump/scripts", test_scripts);
  g_test_add_func ("/jump/broken", test_broken);
  g_test_add_func ("/jump/titles", test_titles);
  g_test_add_func ("/jump/sections", test_sections);

  return g_test_run ();
}
