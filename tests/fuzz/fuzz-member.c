/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole node whose user has a group, and members of it who say anything about it, with keys that are good: entries,
 * operations, receipts, where they are, requests that they bring, files; beside them people who have the link to the
 * group, or nothing. Meanwhile the user writes, takes files, lets in, kicks, and hands the group on, and time goes by.
 * What it is, in two bytes how long, then that.
 *
 * Whatever they do, nobody of them becomes a contact, what is shown is what the chain says, and read anew from the
 * disk it is the same group. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "kith-fuzz-group.h"
#include "kith-fuzz.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-node-files.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-group-body.h"

#define INPUTS 100 /* that one node gets */
#define STEPS 32
#define MEMBERS 2 /* the others of KITH_FUZZ_WRITERS are none */
#define MOST_S 7200 /* that go by at once */

/* What stands in place of the type of a record. */
enum
{
  WHO = 0xd0,  /* and the three behind it: from now on that one speaks */
  ENTRY = 0xe0, /* kith-fuzz-group.c says what follows these */
  POST,        /* kind, of which message it is (0 none, 1 of Ben's, 2 of theirs); then the text */
  OFFER,       /* a file that is what follows */
  LEAVES,      /* of the file that is waited for */
  CHUNK,
  HERE,        /* they say to have the file that was offered last */
  GET,         /* of Ben's file: request, what, from, count */
  NOTE,
  STATUS,
  OP,
  JOIN,        /* of whom: of themselves, or brought */
  YES,         /* they would be admin */
  COME,        /* anew */
  GO,
  PASS,        /* seconds, in two bytes */
  TAKE = 0xf0, /* the user does something: with every file */
  DROP,
  WRITE,
  SHARE,       /* a file */
  READ,
  KICK,        /* whoever speaks */
  HAND_ON,     /* to whoever speaks */
  APPROVE,     /* the newest request */
  DENY,
  LINK,
  RENAME,
};

static TestPerson *ben;
static KithFuzzPerson people[KITH_FUZZ_WRITERS];
static guint n_inputs;

typedef struct
{
  KithFuzzGroup group;
  guint         who;
  guint8        last_offer[KITH_MESSAGE_ID_BYTES];
} Fuzz;

/* --- What the user does --------------------------------------------------------------------- */

/* (nullable) */
static KithMember *
get_member (Fuzz *self)
{
  return kith_group_find_member (self->group.model, kith_fuzz_person_get_identity (&people[self->who]));
}

static KithConversation *
get_conversation (Fuzz *self)
{
  return kith_node_get_group_conversation (ben->node, self->group.model);
}

static void
share (Fuzz *self)
{
  static const char text[] = "What Ben shares";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, sizeof text);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);

  g_ptr_array_add (files, kith_outgoing_file_new_for_bytes (bytes, "b.txt", "text/plain"));
  kith_node_send_files_async (ben->node, get_conversation (self), files, NULL, NULL, NULL);
}

static void
answer (Fuzz *self, gboolean approve)
{
  KithGroup *group = self->group.model;
  g_autoptr (KithJoinRequest) request = g_list_model_get_item (kith_group_get_requests (group), 0);

  if (request == NULL)
    return;

  if (approve)
    kith_node_approve_async (ben->node, group, request, NULL, NULL, NULL);
  else
    kith_node_deny_async (ben->node, group, request, NULL, NULL, NULL);
}

static void
do_act (Fuzz *self, guint8 act)
{
  KithGroup *group = self->group.model;
  KithMember *member = get_member (self);

  if (act == TAKE || act == DROP)
    kith_fuzz_do_files (ben, act == TAKE, n_inputs);
  else if (act == WRITE)
    kith_node_send_async (ben->node, get_conversation (self), "Hello", NULL, NULL, NULL);
  else if (act == SHARE)
    share (self);
  else if (act == READ)
    kith_node_mark_read (ben->node, get_conversation (self));
  else if (act == KICK && member != NULL)
    kith_node_kick_async (ben->node, group, member, NULL, NULL, NULL);
  else if (act == HAND_ON && member != NULL)
    kith_node_transfer_admin_async (ben->node, group, member, NULL, NULL, NULL);
  else if (act == APPROVE || act == DENY)
    answer (self, act == APPROVE);
  else if (act == LINK)
    kith_node_make_group_link_async (ben->node, group, 0, NULL, NULL, NULL);
  else if (act == RENAME)
    kith_node_rename_group_async (ben->node, group, "Base", NULL, NULL, NULL);
}

/* --- What they say -------------------------------------------------------------------------- */

/* (nullable): the user's newest to the group */
static const KithOwnInvite *
get_link (Fuzz *self)
{
  GPtrArray *invites = ben->node->invites;
  const KithOwnInvite *newest = invites->len > 0 ? invites->pdata[invites->len - 1] : NULL;
  const guint8 *gid = kith_group_get_id_bytes (self->group.model);

  return newest != NULL && memcmp (newest->group, gid, sizeof newest->group) == 0 ? newest : NULL;
}

/* (nullable): the newest of Ben's, or of others */
static KithMessage *
get_message (Fuzz *self, gboolean outgoing)
{
  KithMessageList *list = kith_conversation_get_messages (get_conversation (self));

  for (guint i = kith_message_list_get_length (list); i > 0; i--)
    if (kith_message_is_outgoing (kith_message_list_get (list, i - 1)) == outgoing)
      return kith_message_list_get (list, i - 1);

  return NULL;
}

static void
post (Fuzz *self, KithReader *in)
{
  KithGroupContent content = { .kind = (KithGroupContentKind) (kith_reader_u8 (in) % (KITH_GROUP_CONTENT_FILE)) };
  guint8 which = kith_reader_u8 (in);
  gsize len = MIN (kith_reader_remaining (in), KITH_LIMIT_GROUP_TEXT_BYTES);
  const guint8 *data = kith_reader_peek (in, len);
  g_autofree char *text = g_strndup (data != NULL ? (const char *) data : "", len);
  KithMessage *message = which > 0 ? get_message (self, which == 1) : NULL;

  content.text = text;
  content.has_target = message != NULL;
  if (message != NULL)
    memcpy (content.target, kith_message_get_id_bytes (message), sizeof content.target);
  if (content.kind != KITH_GROUP_CONTENT_UNKNOWN)
    kith_fuzz_group_say_content (&self->group, self->who, &content);
}

static void
offer (Fuzz *self, const guint8 *data, gsize len)
{
  KithBodyFile file = { .name = (char *) "x.bin" };
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_FILE, .file = &file };

  kith_fuzz_describe_file (&file, data, len);
  kith_fuzz_group_say_content (&self->group, self->who, &content);
  memcpy (self->last_offer, self->group.writers[self->who].last_id, sizeof self->last_offer);
}

static void
say_here (Fuzz *self)
{
  KithGroupFiles files = { .n_here = 1 };
  g_autoptr (GBytes) body = NULL;
  gsize len;
  const guint8 *data;

  memcpy (files.here[0].bytes, self->last_offer, sizeof files.here[0].bytes);
  body = kith_group_files_pack (&files);
  data = g_bytes_get_data (body, &len);
  kith_fuzz_group_say (&self->group, self->who, KITH_RECORD_GROUP_FILES, data, len);
}

static void
say_piece (Fuzz *self, KithRecordType type, const guint8 *data, gsize len)
{
  GByteArray *body = kith_fuzz_pack_piece (ben, type, data, len);

  if (body != NULL)
    kith_fuzz_person_say_body (&people[self->who], type, body);
}

static void
get_file (Fuzz *self, KithReader *in)
{
  GListModel *transfers = kith_node_get_transfers (ben->node);
  guint n = g_list_model_get_n_items (transfers);
  g_autoptr (KithTransfer) transfer = n > 0 ? g_list_model_get_item (transfers, n - 1) : NULL;
  KithParcel *parcel = transfer != NULL ? kith_transfers_parcel_of (ben->node->transfers, transfer) : NULL;
  KithBodyFileGet get = { .request = kith_reader_u8 (in), .what = kith_reader_u8 (in) & 1, .has_offer = TRUE };

  if (parcel == NULL || parcel->row->file == NULL)
    return;

  get.from = kith_reader_u16 (in);
  get.count = MAX (kith_reader_u16 (in), 1);
  memcpy (get.root, parcel->row->file->root, sizeof get.root);
  memcpy (get.offer.bytes, parcel->row->id, sizeof get.offer.bytes);
  kith_fuzz_person_say_body (&people[self->who], KITH_RECORD_FILE_GET, kith_body_file_get_pack (&get));
}

static gboolean
is_of_group (guint8 type)
{
  return (type >= KITH_RECORD_GROUP_HELLO && type <= KITH_RECORD_GROUP_FILES && type != KITH_RECORD_GROUP_SHARED)
         || type == KITH_RECORD_GROUP_PICTURE;
}

static void
speak (Fuzz *self, guint8 type, const guint8 *data, gsize len)
{
  KithFuzzGroup *group = &self->group;
  KithReader in;

  kith_reader_init (&in, data, len);
  if (type == COME || !kith_fuzz_person_is_here (&people[self->who]))
    kith_fuzz_group_come (group, self->who, self->who < MEMBERS ? NULL : get_link (self));

  if (type == ENTRY)
    kith_fuzz_group_say_entry (group, self->who, &in);
  else if (type == POST)
    post (self, &in);
  else if (type == OFFER)
    offer (self, data, len);
  else if (type == LEAVES || type == CHUNK)
    say_piece (self, type == LEAVES ? KITH_RECORD_FILE_LEAVES : KITH_RECORD_FILE_CHUNK, data, len);
  else if (type == HERE)
    say_here (self);
  else if (type == GET)
    get_file (self, &in);
  else if (type == NOTE)
    kith_fuzz_group_say_note (group, self->who, &in);
  else if (type == STATUS)
    kith_fuzz_group_say_status (group, self->who, &in);
  else if (type == OP)
    kith_fuzz_group_say_op (group, self->who, &in);
  else if (type == JOIN)
    kith_fuzz_group_say_join (group, self->who, kith_reader_u8 (&in) % KITH_FUZZ_WRITERS, get_link (self));
  else if (type == YES)
    kith_fuzz_group_say_yes (group, self->who);
  else if (is_of_group (type))
    kith_fuzz_group_say (group, self->who, type, data, len);
  else if (type != COME)
    kith_fuzz_person_say (&people[self->who], type, data, len);
}

static void
do_one (Fuzz *self, guint8 type, const guint8 *data, gsize len)
{
  if (type >= TAKE)
    do_act (self, type);
  else if (type >= WHO && type < WHO + KITH_FUZZ_WRITERS)
    self->who = type - WHO;
  else if (type == GO)
    kith_fuzz_person_go (&people[self->who]);
  else if (type == PASS)
    kith_fuzz_people_pass (len < 2 ? 1 : MIN (data[0] << 8 | data[1], MOST_S));
  else
    speak (self, type, data, len);
}

/* --- What has to hold ----------------------------------------------------------------------- */

static void
check (Fuzz *self)
{
  KithGroupHost *host = self->group.host;
  guint n = kith_group_get_n_members (self->group.model);

  kith_fuzz_check (g_list_model_get_n_items (kith_node_get_contacts (ben->node)) == 0);
  kith_fuzz_check (g_list_model_get_n_items (kith_node_get_requests (ben->node)) <= KITH_FUZZ_WRITERS);
  if (host->ready && kith_group_is_member (self->group.model))
    kith_fuzz_check (n == kith_group_replica_get_state (host->replica)->n_members);
}

static void
end (Fuzz *self)
{
  kith_fuzz_group_restore (&self->group);
  check (self);
  for (guint i = 0; i < KITH_FUZZ_WRITERS; i++)
    kith_fuzz_person_go (&people[i]);
  kith_fuzz_group_end (&self->group);
  kith_fuzz_people_pass (5);
  kith_fuzz_settle (ben);
  kith_fuzz_check (kith_node_get_n_sessions (ben->node) == 0);
  kith_fuzz_check (g_list_model_get_n_items (kith_node_get_groups (ben->node)) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Fuzz self = { .who = 0 };

  if (n_inputs++ % INPUTS == 0)
    {
      g_clear_pointer (&ben, kith_fuzz_people_end);
      kith_fuzz_empty_inbox ();
      ben = kith_fuzz_people_begin ("Ben");
      for (guint i = 0; i < KITH_FUZZ_WRITERS; i++)
        kith_fuzz_person_init (&people[i], (guint8) i, 0);
    }

  kith_fuzz_group_found (&self.group, ben, people, MEMBERS);
  for (guint i = 0; i < STEPS && size >= 3; i++)
    {
      gsize len = MIN ((gsize) data[1] << 8 | data[2], size - 3);

      do_one (&self, data[0], data + 3, len);
      kith_fuzz_people_settle (ben, people, KITH_FUZZ_WRITERS);
      check (&self);
      data += 3 + len;
      size -= 3 + len;
    }

  end (&self);
  return 0;
}
