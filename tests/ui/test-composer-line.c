/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a text goes that begins with @ or /. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-init.h"
#include "node/kith-node-private.h"
#include "ui/kith-composer-line.h"

typedef struct
{
  KithStore        *store; /* (owned) */
  KithNode         *node;  /* (owned) */
  KithConversation *ann;   /* (unowned) */
  KithConversation *box;   /* (unowned) */
} Fixture;

static KithConversation *
add (Fixture *self, guint8 number, const char *name)
{
  KithStoreContact row
      = { .identity = { number }, .relation = KITH_RELATION_MUTUAL, .name = (char *)name };

  return kith_node_add_peer (self->node, &row)->conversation;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = kith_store_new_in_memory ();
  self->node = kith_node_new (self->store, kith_env_get_default ());
  self->ann = add (self, 1, "Ann");
  self->box = add (self, 2, "Cid Box");
  add (self, 3, "Twin");
  add (self, 4, "Twin");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_node_abandon (self->node);
  g_clear_object (&self->node);
  g_clear_object (&self->store);
}

static void
assert_sent (Fixture *self, const char *text, KithConversation *where, const char *what)
{
  g_auto (KithToDo) to_do = { 0 };

  kith_to_do_find (&to_do, self->node, self->ann, text);
  g_assert_cmpint (to_do.kind, ==, KITH_TO_DO_SEND);
  g_assert_true (to_do.conversation == where);
  g_assert_cmpstr (to_do.text, ==, what);
}

static void
test_sent (Fixture *self, gconstpointer data)
{
  assert_sent (self, "Hello", self->ann, "Hello");
  assert_sent (self, "ann@example.org", self->ann, "ann@example.org");
  assert_sent (self, "@ home", self->ann, "@ home");
  assert_sent (self, "@ann Hello", self->ann, "Hello");
  assert_sent (self, "@\"cid box\" Only you", self->box, "Only you");
  assert_sent (self, "@\"Cid Box\" two\nlines", self->box, "two\nlines");
  assert_sent (self, "@@everybody", self->ann, "@everybody");
  assert_sent (self, "//etc", self->ann, "/etc");
  assert_sent (self, "/ 2", self->ann, "/ 2");
}

/* Nothing of this may be sent to whoever is open just now. */
static void
test_asked (Fixture *self, gconstpointer data)
{
  static const char *const texts[]
      = { "@nobody a secret", "@Cid a secret", "@twin which?", "/etc/passwd", "/block ann" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (KithToDo) to_do = { 0 };

      kith_to_do_find (&to_do, self->node, self->ann, texts[i]);
      g_assert_cmpint (to_do.kind, ==, KITH_TO_DO_ASK);
      g_assert_true (to_do.conversation == self->ann);
      g_assert_cmpstr (to_do.text, ==, texts[i]);
      g_assert_nonnull (to_do.heading);
    }
}

static void
test_said (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "@ann", "@ann ", "/chat nobody", "/chat twin", "/chat" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (KithToDo) to_do = { 0 };

      kith_to_do_find (&to_do, self->node, self->ann, texts[i]);
      g_assert_cmpint (to_do.kind, ==, KITH_TO_DO_SAY);
      g_assert_nonnull (to_do.body);
    }
}

static void
test_done (Fixture *self, gconstpointer data)
{
  const char *box_id = kith_contact_get_id (kith_conversation_get_contact (self->box));
  const struct
  {
    const char *text;
    const char *action;
    const char *argument;
  } cases[] = {
    { "/online", "win.show-people", "online" },
    { "/lasthour", "win.show-people", "lasthour" },
    { "/chat Cid Box", "win.open", box_id },
    { "/chat \"cid box\"", "win.open", box_id },
    { "/broadcast Hello all", "win.message-several", "Hello all" },
    { "/help", "win.words", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (KithToDo) to_do = { 0 };

      kith_to_do_find (&to_do, self->node, self->ann, cases[i].text);
      g_assert_cmpint (to_do.kind, ==, KITH_TO_DO_ACT);
      g_assert_cmpstr (to_do.action, ==, cases[i].action);
      g_assert_cmpstr (to_do.argument, ==, cases[i].argument);
    }
}

int
main (int argc, char **argv)
{
  g_assert_true (kith_init ());
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/composer-line/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("sent", test_sent);
  ADD ("asked", test_asked);
  ADD ("said", test_said);
  ADD ("done", test_done);
  return g_test_run ();
}
