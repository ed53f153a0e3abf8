/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where members are named in a text. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-init.h"
#include "ui/kith-mentions.h"

#define MANY_SIGNS 20000

static void
add (KithGroup *group, guint8 number, const char *name, const char *alias)
{
  guint8 identity[KITH_IDENTITY_BYTES] = { number };
  g_autoptr (KithContact) contact = kith_contact_new (identity, name);
  g_autoptr (KithMember) member = kith_member_new (identity, name, contact, NULL);

  kith_contact_set_name (contact, name);
  kith_contact_set_alias (contact, alias);
  kith_group_put_member (group, member, TRUE);
}

static KithGroup *
make_group (void)
{
  static const guint8 id[KITH_GROUP_ID_BYTES] = { 1 };
  static const guint8 own[KITH_IDENTITY_BYTES] = { 2 };
  g_autoptr (KithMember) us = kith_member_new (own, "us", NULL, "Dora");
  KithGroup *group = kith_group_new (id);

  kith_group_put_member (group, us, TRUE);
  add (group, 3, "Ann", NULL);
  add (group, 4, "Ann Lee", NULL);
  add (group, 5, "Jürgen", "Yogi");

  return group;
}

/* @expected: what is found, one behind the other */
static void
assert_found (KithGroup *group, const char *text, const char *expected)
{
  g_autoptr (GArray) mentions = kith_mentions_find (group, text);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < mentions->len; i++)
    {
      const KithMention *mention = &g_array_index (mentions, KithMention, i);

      g_string_append_len (found, text + mention->start, (gssize) (mention->end - mention->start));
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_found (void)
{
  g_autoptr (KithGroup) group = make_group ();

  assert_found (group, "@Ann", "@Ann");
  assert_found (group, "hello @ann, and @DORA!", "@ann@DORA");
  assert_found (group, "@Ann Lee and @Ann Leech", "@Ann Lee@Ann");
  assert_found (group, "@jürgen is @Yogi", "@jürgen@Yogi");
  assert_found (group, "(@Dora)", "@Dora");
}

static void
test_not_found (void)
{
  g_autoptr (KithGroup) group = make_group ();

  assert_found (group, "", "");
  assert_found (group, "@", "");
  assert_found (group, "Ann", "");
  assert_found (group, "@Anna", "");
  assert_found (group, "me@ann.example", "");
  assert_found (group, "@nobody", "");
}

static void
test_whose (void)
{
  g_autoptr (KithGroup) group = make_group ();
  g_autoptr (GArray) mentions = kith_mentions_find (group, "@Dora @Ann");

  g_assert_cmpuint (mentions->len, ==, 2);
  g_assert_true (kith_member_is_self (g_array_index (mentions, KithMention, 0).member));
  g_assert_false (kith_member_is_self (g_array_index (mentions, KithMention, 1).member));
}

/* Only so many are looked at. */
static void
test_many (void)
{
  g_autoptr (KithGroup) group = make_group ();
  g_autofree char *text = g_strnfill (MANY_SIGNS, '@');
  g_autoptr (GArray) mentions = kith_mentions_find (group, text);

  g_assert_cmpuint (mentions->len, ==, 0);
}

static void
test_too_many (void)
{
  g_autoptr (KithGroup) group = make_group ();
  g_autoptr (GString) alone = g_string_new (NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GArray) mentions = NULL;

  for (guint i = 0; i < MANY_SIGNS; i++)
    {
      g_string_append (alone, "@ ");
      g_string_append (names, "@Ann, ");
    }
  g_string_append (alone, "@Ann");
  assert_found (group, alone->str, "@Ann");
  mentions = kith_mentions_find (group, names->str);
  g_assert_cmpuint (mentions->len, ==, 16);
}

int
main (int argc, char **argv)
{
  g_assert_true (kith_init ());
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mentions/found", test_found);
  g_test_add_func ("/mentions/not-found", test_not_found);
  g_test_add_func ("/mentions/whose", test_whose);
  g_test_add_func ("/mentions/many", test_many);
  g_test_add_func ("/mentions/too-many", test_too_many);
  return g_test_run ();
}
