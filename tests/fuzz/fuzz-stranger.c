/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole node, and strangers who come to it and say anything: requests, invites that they have or do not have,
 * what only contacts may say, several sessions, one after the other and at once; meanwhile the user answers them
 * or asks them, and time goes by. What it is, in two bytes how long, then that.
 *
 * Whatever they do, nobody is a contact whom the user has not wanted, and nothing of them is left in the end. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "kith-fuzz-people.h"
#include "kith-fuzz.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-requests.h"

#define INPUTS 200 /* that one node gets */
#define STEPS 48
#define PEOPLE 4 /* the last is another device of the first */
#define MOST_S 7200 /* that go by at once */

/* What stands in place of the type of a record. */
enum
{
  WHO = 0xd0,  /* and the three behind it: from now on that one speaks */
  OPEN = 0xe0, /* with the binding that is right */
  OPEN_INVITED, /* and with the newest invite */
  COME,        /* anew */
  GO,
  PASS,        /* seconds, in two bytes */
  ACCEPT = 0xf0, /* the user does something: with the newest request */
  DECLINE,
  BLOCK,       /* with the first contact */
  UNBLOCK,
  REMOVE,
  KEEP,        /* removes it, and keeps the history */
  WRITE,
  ASK,         /* whoever speaks, by their ID */
  INVITE,
  REVOKE,
};

static TestPerson *ben;
static KithFuzzPerson people[PEOPLE];
static guint n_inputs;

typedef struct
{
  KithFuzzPerson *who;
  GCancellable   *asking; /* (owned) */
  guint           n_wanted; /* how often the user has said yes */
} Fuzz;

/* --- What the user does --------------------------------------------------------------------- */

/* (transfer full) (nullable) */
static KithContact *
get_contact (void)
{
  return g_list_model_get_item (kith_node_get_contacts (ben->node), 0);
}

static void
answer (Fuzz *self, guint8 act)
{
  g_autoptr (KithRequest) request = g_list_model_get_item (kith_node_get_requests (ben->node), 0);

  if (request == NULL)
    return;

  if (act == ACCEPT)
    kith_node_accept_async (ben->node, request, NULL, NULL, NULL);
  else
    kith_node_decline_async (ben->node, request, NULL, NULL, NULL);
  self->n_wanted += act == ACCEPT ? 1 : 0;
}

static void
treat (guint8 act)
{
  g_autoptr (KithContact) contact = get_contact ();

  if (contact == NULL)
    return;

  if (act == BLOCK || act == UNBLOCK)
    kith_node_set_blocked_async (ben->node, contact, act == BLOCK, NULL, NULL, NULL);
  else if (act == WRITE)
    kith_node_send_async (ben->node, kith_node_get_conversation (ben->node, contact), "Hello", NULL, NULL, NULL);
  else
    kith_node_remove_async (ben->node, contact, act == KEEP, NULL, NULL, NULL);
}

static void
ask (Fuzz *self)
{
  g_autofree char *id = kith_id_string_encode (kith_fuzz_person_get_identity (self->who));

  self->n_wanted++;
  kith_node_join_async (ben->node, id, "It is me", self->asking, NULL, NULL);
}

static void
do_act (Fuzz *self, guint8 act)
{
  g_autoptr (KithInvitation) invitation = g_list_model_get_item (kith_node_get_invitations (ben->node), 0);

  if (act == ACCEPT || act == DECLINE)
    answer (self, act);
  else if (act >= BLOCK && act <= WRITE)
    treat (act);
  else if (act == ASK)
    ask (self);
  else if (act == INVITE)
    kith_node_create_invite_async (ben->node, 0, NULL, NULL, NULL, NULL);
  else if (act == REVOKE && invitation != NULL)
    kith_node_revoke_invite_async (ben->node, invitation, NULL, NULL, NULL);
}

/* --- What they say -------------------------------------------------------------------------- */

static void
open_session (Fuzz *self, gboolean invited, const guint8 *data, gsize len)
{
  GPtrArray *invites = ben->node->invites;
  KithBodyOpen proof = { .has_invite = FALSE };

  if (invited && invites->len > 0)
    kith_invite_prove (((KithOwnInvite *) invites->pdata[invites->len - 1])->root, self->who->session, &proof);
  kith_fuzz_person_open (self->who, ben, &proof, data, len);
}

static void
speak (Fuzz *self, guint8 type, const guint8 *data, gsize len)
{
  if (!kith_fuzz_person_is_here (self->who) || type == COME)
    kith_fuzz_person_come (self->who, ben);

  if (type == OPEN || type == OPEN_INVITED)
    open_session (self, type == OPEN_INVITED, data, len);
  else if (type != COME)
    kith_fuzz_person_say (self->who, type, data, len);
}

static void
do_one (Fuzz *self, guint8 type, const guint8 *data, gsize len)
{
  if (type >= ACCEPT)
    do_act (self, type);
  else if (type >= WHO && type < WHO + PEOPLE)
    self->who = &people[type - WHO];
  else if (type == GO)
    kith_fuzz_person_go (self->who);
  else if (type == PASS)
    kith_fuzz_people_pass (len < 2 ? 1 : MIN (data[0] << 8 | data[1], MOST_S));
  else
    speak (self, type, data, len);
}

/* --- What has to hold ----------------------------------------------------------------------- */

static void
check_requests (void)
{
  GListModel *requests = kith_node_get_requests (ben->node);
  guint n = g_list_model_get_n_items (requests);

  kith_fuzz_check (n <= PEOPLE && n == g_hash_table_size (ben->node->asking));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (requests, i);
      const char *name = kith_request_get_name (request);
      const char *text = kith_request_get_text (request);

      kith_fuzz_check (g_utf8_validate (name, -1, NULL) && strlen (name) <= KITH_LIMIT_NAME_BYTES);
      kith_fuzz_check (g_utf8_validate (text, -1, NULL));
      kith_fuzz_check (g_utf8_strlen (text, -1) <= KITH_LIMIT_REQUEST_TEXT_CHARS);
    }
}

static void
check (Fuzz *self)
{
  check_requests ();
  kith_fuzz_check (g_list_model_get_n_items (kith_node_get_contacts (ben->node)) <= self->n_wanted);
  kith_fuzz_check (g_list_model_get_n_items (kith_node_get_groups (ben->node)) == 0);
}

/* Who is blocked stays so when they are removed, before and after. */
static void
unblock_all (void)
{
  GListModel *contacts = kith_node_get_contacts (ben->node);

  for (guint i = g_list_model_get_n_items (contacts); i > 0; i--)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (contacts, i - 1);

      if (kith_contact_get_blocked (contact))
        kith_node_set_blocked_async (ben->node, contact, FALSE, NULL, NULL, NULL);
    }
}

/* The user wants to know nothing of anybody. */
static void
clear (void)
{
  GListModel *requests = kith_node_get_requests (ben->node);
  GListModel *conversations = kith_node_get_conversations (ben->node);
  GListModel *invitations = kith_node_get_invitations (ben->node);

  unblock_all ();
  for (guint i = 0; i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (requests, i);

      kith_node_decline_async (ben->node, request, NULL, NULL, NULL);
    }
  for (guint i = g_list_model_get_n_items (conversations); i > 0; i--)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i - 1);

      kith_node_remove_async (ben->node, kith_conversation_get_contact (conversation), FALSE, NULL, NULL, NULL);
    }
  for (guint round = 0; round < 2; round++) /* takes back, then clears */
    for (guint i = g_list_model_get_n_items (invitations); i > 0; i--)
      {
        g_autoptr (KithInvitation) invitation = g_list_model_get_item (invitations, i - 1);

        kith_node_revoke_invite_async (ben->node, invitation, NULL, NULL, NULL);
      }
}

static void
end (Fuzz *self)
{
  g_cancellable_cancel (self->asking);
  for (guint i = 0; i < PEOPLE; i++)
    kith_fuzz_person_go (&people[i]);
  kith_fuzz_settle (ben);
  clear ();
  kith_fuzz_settle (ben);
  kith_fuzz_people_pass (5);
  clear ();
  kith_fuzz_settle (ben);
  kith_fuzz_check (kith_node_get_n_sessions (ben->node) == 0);
  kith_fuzz_check (g_hash_table_size (ben->node->asking) == 0);
  kith_fuzz_check (g_hash_table_size (ben->node->joins) == 0);
  kith_fuzz_check (g_hash_table_size (ben->node->inviting) == 0);
  kith_fuzz_check (g_hash_table_size (ben->node->news) == 0);
  kith_fuzz_check (g_hash_table_size (ben->node->peers) == 0);
  kith_fuzz_check (g_list_model_get_n_items (kith_node_get_conversations (ben->node)) == 0);
  g_object_unref (self->asking);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Fuzz self = { .who = &people[0] };

  if (n_inputs++ % INPUTS == 0)
    {
      g_clear_pointer (&ben, kith_fuzz_people_end);
      ben = kith_fuzz_people_begin ("Ben");
      for (guint i = 0; i < PEOPLE; i++)
        kith_fuzz_person_init (&people[i], (guint8) (i % (PEOPLE - 1)), (guint8) i);
    }

  self.asking = g_cancellable_new ();
  for (guint i = 0; i < STEPS && size >= 3; i++)
    {
      gsize len = MIN ((gsize) data[1] << 8 | data[2], size - 3);

      do_one (&self, data[0], data + 3, len);
      kith_fuzz_people_settle (ben, people, PEOPLE);
      check (&self);
      data += 3 + len;
      size -= 3 + len;
    }

  end (&self);
  return 0;
}
