/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who writes, who wants to be shown as absent, and what went to several. Protocol 8.1. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "proto/kith-body.h"

static const guint8 garbage[] = { 0x0a, 0xff, 0xff, 0xff };

static void
test_typing (void)
{
  gboolean on;

  for (gboolean value = FALSE; value <= TRUE; value++)
    {
      g_autoptr (GByteArray) body = kith_body_typing_pack (value);

      on = !value;
      g_assert_true (kith_body_typing_unpack (&on, body->data, body->len));
      g_assert_cmpint (on, ==, value);
    }

  g_assert_false (kith_body_typing_unpack (&on, garbage, sizeof garbage));
  g_assert_false (on);
}

static void
test_presence (void)
{
  gboolean hidden;

  for (gboolean value = FALSE; value <= TRUE; value++)
    {
      g_autoptr (GByteArray) body = kith_body_presence_pack (value);

      hidden = !value;
      g_assert_true (kith_body_presence_unpack (&hidden, body->data, body->len));
      g_assert_cmpint (hidden, ==, value);
    }

  g_assert_false (kith_body_presence_unpack (&hidden, garbage, sizeof garbage));
  g_assert_false (hidden);
}

/* A boolean of the wire is one, whatever number stands there. */
static void
test_odd_numbers (void)
{
  const guint8 seven[] = { 0x08, 0x07 };
  gboolean flag;

  g_assert_true (kith_body_typing_unpack (&flag, seven, sizeof seven));
  g_assert_cmpint (flag, ==, TRUE);
  g_assert_true (kith_body_presence_unpack (&flag, seven, sizeof seven));
  g_assert_cmpint (flag, ==, TRUE);
}

/* Whoever is hidden says so before anything can be shown. */
static void
test_hidden_in_opening (void)
{
  const KithBodyOpen hidden = { .name = (char *) "Ann", .hidden = TRUE };
  g_autoptr (GByteArray) open = kith_body_open_pack (&hidden);
  g_autoptr (GByteArray) open_ok = kith_body_open_ok_pack (&hidden);
  g_autoptr (GByteArray) accept = kith_body_accept_pack (&hidden);
  g_auto (KithBodyOpen) from_open = { 0 };
  g_auto (KithBodyOpen) from_open_ok = { 0 };
  g_auto (KithBodyOpen) from_accept = { 0 };

  g_assert_true (kith_body_open_unpack (&from_open, open->data, open->len));
  g_assert_true (from_open.hidden);
  g_assert_true (kith_body_open_ok_unpack (&from_open_ok, open_ok->data, open_ok->len));
  g_assert_true (from_open_ok.hidden);
  g_assert_true (kith_body_accept_unpack (&from_accept, accept->data, accept->len));
  g_assert_true (from_accept.hidden);
}

static void
test_broadcast (void)
{
  for (gboolean value = FALSE; value <= TRUE; value++)
    {
      const KithBodyMsg sent = { .seq = 1, .content = KITH_CONTENT_TEXT, .text = (char *) "To all",
                                 .broadcast = value };
      g_autoptr (GByteArray) body = kith_body_msg_pack (&sent);
      g_auto (KithBodyMsg) got = { 0 };

      g_assert_true (kith_body_msg_unpack (&got, body->data, body->len));
      g_assert_cmpstr (got.text, ==, "To all");
      g_assert_cmpint (got.broadcast, ==, value);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/presence/typing", test_typing);
  g_test_add_func ("/presence/presence", test_presence);
  g_test_add_func ("/presence/odd-numbers", test_odd_numbers);
  g_test_add_func ("/presence/hidden-in-opening", test_hidden_in_opening);
  g_test_add_func ("/presence/broadcast", test_broadcast);
  return g_test_run ();
}
