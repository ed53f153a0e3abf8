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
  KithConversation *ace;   /* (owned): of a group with Ann in it, and us, its admin */
  KithGroup        *ann_too; /* (owned): of a group that is called like her */
} Fixture;

static KithConversation *
add (Fixture *self, guint8 number, const char *name)
{
  KithStoreContact row
      = { .identity = { number }, .relation = KITH_RELATION_MUTUAL, .name = (char *)name };

  return kith_node_add_peer (self->node, &row)->conversation;
}

static void
add_group (Fixture *self)
{
  static const guint8 id[KITH_GROUP_ID_BYTES] = { 9 };
  static const guint8 own[KITH_IDENTITY_BYTES] = { 8 };
  KithContact *ann = kith_conversation_get_contact (self->ann);
  g_autoptr (KithGroup) group = kith_group_new (id);
  g_autoptr (KithMember) us = kith_member_new (own, "our-id", NULL, "Dora");
  g_autoptr (KithMember) member
      = kith_member_new (kith_contact_get_identity (ann), kith_contact_get_id (ann), ann, NULL);

  kith_group_set_name (group, "Ace");
  kith_group_set_state (group, KITH_MEMBERSHIP_MEMBER);
  kith_group_put_member (group, us, TRUE);
  kith_group_put_member (group, member, TRUE);
  kith_group_set_admin (group, us);
  self->ace = kith_conversation_new_for_group (group);
}

/* In the node's list, as those that can be named. */
static void
add_named_group (Fixture *self, const char *name, KithMembership state)
{
  static const guint8 id[KITH_GROUP_ID_BYTES] = { 10 };
  static const guint8 own[KITH_IDENTITY_BYTES] = { 8 };
  g_autoptr (KithMember) us = kith_member_new (own, "our-id", NULL, "Dora");

  self->ann_too = kith_group_new (id);
  kith_group_set_name (self->ann_too, name);
  kith_group_set_state (self->ann_too, state);
  kith_group_put_member (self->ann_too, us, TRUE);
  kith_group_set_admin (self->ann_too, us);
  g_list_store_append (self->node->groups, self->ann_too);
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
  add_group (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->ace);
  g_clear_object (&self->ann_too);
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

/* A name is no address in a group; but whoever is not there may have been meant alone. */
static void
test_group_names (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "@ann Hello", "@everybody Hello", "Hello @ann" };
  g_auto (KithToDo) asked = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (KithToDo) to_do = { 0 };

      kith_to_do_find (&to_do, self->node, self->ace, texts[i]);
      g_assert_cmpint (to_do.kind, ==, KITH_TO_DO_SEND);
      g_assert_true (to_do.conversation == self->ace);
      g_assert_cmpstr (to_do.text, ==, texts[i]);
    }

  kith_to_do_find (&asked, self->node, self->ace, "@\"Cid Box\" a secret");
  g_assert_cmpint (asked.kind, ==, KITH_TO_DO_ASK);
  g_assert_true (asked.conversation == self->ace);
}

static void
test_group_words (Fixture *self, gconstpointer data)
{
  const char *ace = kith_conversation_get_key_text (self->ace);
  const char *ann = kith_contact_get_id (kith_conversation_get_contact (self->ann));
  const struct
  {
    const char *text;
    const char *action; /* NULL: only words */
    const char *argument;
    const char *second;
  } cases[] = {
    { "/group new Bees", "win.new-group-named", "Bees", NULL },
    { "/group new \"Bee Keepers\"", "win.new-group-named", "Bee Keepers", NULL },
    { "/group-new Bee Keepers", "win.new-group-named", "Bee Keepers", NULL },
    { "/group new Bees @nobody", NULL, NULL, NULL },
    { "/group new @ann", NULL, NULL, NULL },
    { "/group", NULL, NULL, NULL },
    { "/group dance", NULL, NULL, NULL },
    { "/members", "win.group-details", ace, NULL },
    { "/invite", "win.invite-to-group", ace, NULL },
    { "/leave", "win.leave-group", ace, NULL },
    { "/kick ann", "win.kick-member", ace, ann },
    { "/kick @ann", "win.kick-member", ace, ann },
    { "/admin \"Ann\"", "win.make-admin", ace, ann },
    { "/transfer-admin Ann", "win.make-admin", ace, ann },
    { "/admin", NULL, NULL, NULL },
    { "/group rename Deuce", "win.rename-group", ace, "Deuce" },
    { "/group-topic All about it ", "win.set-group-topic", ace, "All about it" },
    { "/group-topic", "win.set-group-topic", ace, "" },
    { "/group history all", "win.set-group-history", ace, "all" },
    { "/group requests", "win.group-details", ace, NULL },
    { "/group revoke", "win.revoke-group-link", ace, NULL },
    { "/mentions only", "win.set-mentions", ace, "only" },
    { "/deny nobody", NULL, NULL, NULL },
    { "/accept-admin", NULL, NULL, NULL },
    { "/endorse ann", NULL, NULL, NULL },
    { "/claim-admin", NULL, NULL, NULL },
    { "/group decline", NULL, NULL, NULL },
    { "/group delete", NULL, NULL, NULL },
    { "/group join kith:x", "win.join", "kith:x", NULL },
    { "/group join", NULL, NULL, NULL },
    { "/groups", "win.toast", "You are in no group yet", NULL },
    { "/kick Dora", NULL, NULL, NULL },
    { "/kick nobody", NULL, NULL, NULL },
    { "/kick", NULL, NULL, NULL },
    { "/approve nobody", NULL, NULL, NULL },
    { "/whoadmin", "win.toast", "You are the admin of this group", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (KithToDo) to_do = { 0 };

      kith_to_do_find (&to_do, self->node, self->ace, cases[i].text);
      g_assert_cmpint (to_do.kind, ==, cases[i].action != NULL ? KITH_TO_DO_ACT : KITH_TO_DO_SAY);
      g_assert_cmpstr (to_do.action, ==, cases[i].action);
      g_assert_cmpstr (to_do.argument, ==, cases[i].argument);
      g_assert_cmpstr (to_do.second, ==, cases[i].second);
    }
}

static void
assert_people (Fixture *self, const char *text, const char *action, const char *argument,
               const char *const *people)
{
  g_auto (KithToDo) to_do = { 0 };

  kith_to_do_find (&to_do, self->node, self->ace, text);
  g_assert_cmpint (to_do.kind, ==, KITH_TO_DO_ACT);
  g_assert_cmpstr (to_do.action, ==, action);
  g_assert_cmpstr (to_do.argument, ==, argument);
  g_assert_cmpstrv (to_do.people, people);
}

/* Another group is meant only when nothing else can be. */
static void
test_other_group (Fixture *self, gconstpointer data)
{
  const char *ace = kith_conversation_get_key_text (self->ace);
  const char *ann = kith_contact_get_id (kith_conversation_get_contact (self->ann));
  const char *other;
  const struct
  {
    const char *text;
    const char *action;
    gboolean is_other;
    const char *second;
  } cases[] = {
    { "/kick ann", "win.kick-member", FALSE, ann },
    { "/kick \"ann\"", "win.kick-member", FALSE, ann },
    { "/group topic Ann everybody", "win.set-group-topic", FALSE, "Ann everybody" },
    { "/group topic \"Ann\" everybody", "win.set-group-topic", TRUE, "everybody" },
    { "/leave ann", "win.leave-group", TRUE, NULL },
    { "/members ann", "win.group-details", TRUE, NULL },
    { "/members", "win.group-details", FALSE, NULL },
  };

  add_named_group (self, "Ann", KITH_MEMBERSHIP_MEMBER);
  other = kith_group_get_id (self->ann_too);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (KithToDo) to_do = { 0 };

      kith_to_do_find (&to_do, self->node, self->ace, cases[i].text);
      g_assert_cmpint (to_do.kind, ==, KITH_TO_DO_ACT);
      g_assert_cmpstr (to_do.action, ==, cases[i].action);
      g_assert_cmpstr (to_do.argument, ==, cases[i].is_other ? other : ace);
      g_assert_cmpstr (to_do.second, ==, cases[i].second);
    }

  /* One that somebody invites us to is never in the way. */
  kith_group_set_state (self->ann_too, KITH_MEMBERSHIP_INVITED);
  {
    g_auto (KithToDo) to_do = { 0 };

    kith_to_do_find (&to_do, self->node, self->ace, "/group topic \"Ann\" everybody");
    g_assert_cmpstr (to_do.argument, ==, ace);
  }
}

/* A name is what a stranger chose: the list says who they are. */
static void
test_approve (Fixture *self, gconstpointer data)
{
  static const guint8 identity[KITH_IDENTITY_BYTES] = { 11 };
  g_autoptr (KithJoinRequest) request = kith_join_request_new (identity, "kith-stranger-1234", NULL,
                                                               "Zoe", "", 0, NULL, TRUE);
  const struct
  {
    const char *text;
    const char *action;
    const char *second;
  } cases[] = {
    { "/approve Zoe", "win.group-details", NULL },
    { "/deny Zoe", "win.deny-member", "kith-stranger-1234" },
    { "/approve kith-stranger-1234", "win.approve-member", "kith-stranger-1234" },
  };

  kith_group_add_request (kith_conversation_get_group (self->ace), request);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (KithToDo) to_do = { 0 };

      kith_to_do_find (&to_do, self->node, self->ace, cases[i].text);
      g_assert_cmpstr (to_do.action, ==, cases[i].action);
      g_assert_cmpstr (to_do.second, ==, cases[i].second);
    }
}

/* Several people at once, as in the terminal or with the signs that the list puts there. */
static void
test_people (Fixture *self, gconstpointer data)
{
  const char *ace = kith_conversation_get_key_text (self->ace);
  const char *ann = kith_contact_get_id (kith_conversation_get_contact (self->ann));
  const char *box = kith_contact_get_id (kith_conversation_get_contact (self->box));
  const char *both[] = { ann, box, NULL };
  const char *one[] = { ann, NULL };

  assert_people (self, "/group new Bee Keepers @ann @\"cid box\" ", "win.make-group", "Bee Keepers", both);
  assert_people (self, "/group new \"Bee Keepers\" ann \"cid box\"", "win.make-group", "Bee Keepers", both);
  assert_people (self, "/group-new Bees ann", "win.make-group", "Bees", one);
  assert_people (self, "/invite ann", "win.invite-people", ace, one);
  assert_people (self, "/group invite @ann @\"Cid Box\"", "win.invite-people", ace, both);
}

/* Those words are of no use with one person. */
static void
test_no_group (Fixture *self, gconstpointer data)
{
  g_auto (KithToDo) to_do = { 0 };

  kith_to_do_find (&to_do, self->node, self->ann, "/members");
  g_assert_cmpint (to_do.kind, ==, KITH_TO_DO_SAY);
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
  ADD ("group-names", test_group_names);
  ADD ("group-words", test_group_words);
  ADD ("other-group", test_other_group);
  ADD ("approve", test_approve);
  ADD ("people", test_people);
  ADD ("no-group", test_no_group);
  return g_test_run ();
}
