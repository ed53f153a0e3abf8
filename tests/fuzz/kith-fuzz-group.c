/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz-group.h"

#include <string.h>

#include "base/kith-hlc.h"
#include "kith-fuzz.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-private.h"
#include "proto/kith-group-body.h"
#include "proto/kith-group-where.h"

/* --- The group ------------------------------------------------------------------------------ */

static gint64
now_ms (KithFuzzGroup *self)
{
  return kith_node_now_ms (self->ben->node);
}

/* (transfer full): a request of @of */
static GBytes *
seal_join (KithFuzzGroup *self, guint of, const guint8 *link_proof)
{
  g_autoptr (GBytes) proof = link_proof != NULL ? g_bytes_new (link_proof, KITH_INVITE_PROOF_BYTES) : NULL;
  KithGroupJoin join = { .time_ms = (guint64) now_ms (self), .name = (char *) "Eve", .link_proof = proof };

  memcpy (join.gid, kith_group_get_id_bytes (self->model), sizeof join.gid);
  memcpy (join.identity, kith_fuzz_person_get_identity (&self->people[of]), sizeof join.identity);
  memcpy (join.author, self->writers[of].author, sizeof join.author);
  return kith_group_join_seal (&join, self->writers[of].seed, self->people[of].seed);
}

static void
let_in (KithFuzzGroup *self, guint who)
{
  g_autoptr (GBytes) request = seal_join (self, who, NULL);

  kith_fuzz_check (kith_group_replica_add_member (self->host->replica, request, now_ms (self), NULL));
  kith_group_host_turn (self->host);
}

void
kith_fuzz_group_found (KithFuzzGroup *self, TestPerson *ben, KithFuzzPerson *people, guint n_members)
{
  g_autoptr (GAsyncResult) created = NULL;

  *self = (KithFuzzGroup){ .ben = ben, .people = people };
  for (guint i = 0; i < KITH_FUZZ_WRITERS; i++)
    {
      self->writers[i].seed[0] = (guint8) i;
      self->writers[i].seed[1] = 2;
      kith_identity_get_public (self->writers[i].seed, self->writers[i].author);
    }

  kith_node_create_group_async (ben->node, "Ace", NULL, NULL, test_result_cb, &created);
  self->model = kith_node_create_group_finish (ben->node, test_await (&created), NULL, NULL);
  kith_fuzz_check (self->model != NULL);
  self->host = kith_node_lookup_group (ben->node, kith_group_get_id_bytes (self->model));
  for (guint i = 0; i < n_members; i++)
    let_in (self, i);
  kith_fuzz_settle (ben);
}

void
kith_fuzz_group_restore (KithFuzzGroup *self)
{
  const KithGroupState *state;
  gboolean frozen;
  guint32 height;

  if (self->host->replica == NULL)
    return;

  height = kith_group_replica_get_state (self->host->replica)->height;
  kith_group_host_drop_replica (self->host);
  if (!kith_group_host_is_being_read (self->host))
    return;
  kith_group_host_load (self->host);
  test_wait_for (self->host->ready);
  kith_fuzz_settle (self->ben);
  if (self->host->replica == NULL)
    return;

  state = kith_group_replica_get_state (self->host->replica);
  frozen = kith_group_replica_is_frozen (self->host->replica);
  kith_fuzz_check (state->height >= height || frozen);
}

void
kith_fuzz_group_end (KithFuzzGroup *self)
{
  kith_group_invite_revoke_all (self->ben->node, kith_group_get_id_bytes (self->model));
  kith_group_host_delete (self->host, g_task_new (self->ben->node, NULL, NULL, NULL));
  kith_fuzz_settle (self->ben);
  g_clear_object (&self->model);
}

/* --- Coming --------------------------------------------------------------------------------- */

void
kith_fuzz_group_say (KithFuzzGroup *self, guint who, guint8 type, const guint8 *body, gsize len)
{
  KithFuzzPerson *person = &self->people[who];
  KithGroupName name;
  GByteArray *bytes;

  if (person->session == NULL)
    return;

  kith_session_get_group_name (person->session, kith_group_get_id_bytes (self->model), &name);
  bytes = g_byte_array_append (g_byte_array_new (), name.bytes, sizeof name.bytes);
  g_byte_array_append (bytes, body, (guint) len);
  kith_fuzz_person_say_body (person, type, bytes);
}

static void
say_bytes (KithFuzzGroup *self, guint who, guint8 type, GBytes *body)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (body, &len);

  kith_fuzz_group_say (self, who, type, data, len);
}

void
kith_fuzz_group_come (KithFuzzGroup *self, guint who, const KithOwnInvite *link)
{
  static const guint8 for_groups[] = { 2 << 3, KITH_PURPOSE_GROUP, 3 << 3 | 2, 8, 1, 2, 3, 4, 5, 6, 7, 8 };
  KithFuzzPerson *person = &self->people[who];
  KithBodyOpen proof = { .n_groups = 1 };

  kith_fuzz_person_come (person, self->ben);
  if (link != NULL)
    kith_group_invites_fill_open (link, person->session, &proof);
  proof.n_groups = 1;
  kith_session_get_group_name (person->session, kith_group_get_id_bytes (self->model), &proof.groups[0]);
  kith_fuzz_person_open (person, self->ben, &proof, for_groups, sizeof for_groups);
  kith_fuzz_people_settle (self->ben, self->people, KITH_FUZZ_WRITERS);
  if (link == NULL)
    kith_fuzz_person_say_body (person, KITH_RECORD_GROUP_SHARED, kith_body_group_shared_pack (&proof));
  kith_fuzz_people_settle (self->ben, self->people, KITH_FUZZ_WRITERS);
}

/* --- What they write ------------------------------------------------------------------------ */

/* (nullable) */
static const KithGroupState *
get_state (KithFuzzGroup *self)
{
  return self->host->replica != NULL ? kith_group_replica_get_state (self->host->replica) : NULL;
}

/* @forked: with the number of the last one. @ahead_ms: of our clock */
static void
seal_and_say (KithFuzzGroup *self, guint who, guint8 kind, gboolean forked, gint64 ahead_ms, const guint8 *content,
              gsize len)
{
  static const guint8 salt[KITH_GROUP_SALT_BYTES];
  const KithGroupState *state = get_state (self);
  KithFuzzWriter *writer = &self->writers[who];
  KithGroupEntryDraft draft = { .kind = kind, .content = content, .content_len = len, .salt = salt };
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  g_autoptr (GBytes) body = NULL;
  KithGroupEntry *entry;

  if (state == NULL)
    return;

  forked = forked && writer->seq > 0;
  draft.gid = state->gid;
  draft.seq = writer->seq + (forked ? 0 : 1);
  draft.prev = forked ? writer->before_id : writer->last_id;
  draft.chain_height = state->height;
  draft.chain_head = state->head;
  draft.hlc = (guint64) (now_ms (self) + ahead_ms) << 16;
  entry = kith_group_entry_seal (&draft, writer->seed);
  if (!forked)
    memcpy (writer->before_id, writer->last_id, sizeof writer->before_id);
  memcpy (writer->last_id, entry->id, sizeof writer->last_id);
  writer->seq = draft.seq;
  g_ptr_array_add (entries, entry);
  body = kith_group_entries_pack (entries);
  say_bytes (self, who, KITH_RECORD_GROUP_ENTRIES, body);
}

/* kind, whether it is a fork, seconds ahead; then the content */
void
kith_fuzz_group_say_entry (KithFuzzGroup *self, guint who, KithReader *in)
{
  guint8 kind = kith_reader_u8 (in);
  gboolean forked = (kith_reader_u8 (in) & 1) != 0;
  gint64 ahead_ms = (gint16) kith_reader_u16 (in) * (gint64) 1000;
  gsize len = MIN (kith_reader_remaining (in), KITH_LIMIT_GROUP_CONTENT_BYTES);
  const guint8 *content = kith_reader_peek (in, len);

  seal_and_say (self, who, kind, forked, ahead_ms, content, content != NULL ? len : 0);
}

void
kith_fuzz_group_say_content (KithFuzzGroup *self, guint who, const KithGroupContent *content)
{
  g_autoptr (GBytes) packed = kith_group_content_pack (content);
  gsize len;
  const guint8 *data = g_bytes_get_data (packed, &len);

  if (len <= KITH_LIMIT_GROUP_CONTENT_BYTES)
    seal_and_say (self, who, KITH_GROUP_ENTRY_MESSAGE, FALSE, 0, data, len);
}

/* They are asked to be admin, and say yes. */
void
kith_fuzz_group_say_yes (KithFuzzGroup *self, guint who)
{
  const KithGroupState *state = get_state (self);
  KithGroupControl control = { .author = { 0 } };
  g_autoptr (GBytes) packed = NULL;
  gsize len;
  const guint8 *data;

  if (state == NULL)
    return;

  memcpy (control.prev, state->head, sizeof control.prev);
  kith_group_accept_sign (control.prev, self->writers[who].seed, control.acceptance);
  packed = kith_group_control_pack (KITH_GROUP_ENTRY_ACCEPT, &control);
  data = g_bytes_get_data (packed, &len);
  seal_and_say (self, who, KITH_GROUP_ENTRY_ACCEPT, FALSE, 0, data, len);
}

/* type, who signs; then the body. Ben's own key is in it, as somebody would have it who has a copy of his profile. */
void
kith_fuzz_group_say_op (KithFuzzGroup *self, guint who, KithReader *in)
{
  const KithGroupState *state = get_state (self);
  guint8 type = kith_reader_u8 (in);
  guint8 signer = kith_reader_u8 (in) % (KITH_FUZZ_WRITERS + 1);
  KithGroupOpDraft draft = { .type = (KithGroupOpType) type };
  gsize len = MIN (kith_reader_remaining (in), KITH_LIMIT_GROUP_OP_BODY_BYTES);
  const guint8 *body = kith_reader_peek (in, len);
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) packed = NULL;

  if (state == NULL || body == NULL || self->host->row->author_seed == NULL)
    return;

  draft.gid = state->gid;
  draft.height = state->height + 1;
  draft.prev = state->head;
  draft.time_ms = (guint64) now_ms (self);
  g_ptr_array_add (ops, kith_group_op_seal_raw (&draft, body, len,
                                                signer < KITH_FUZZ_WRITERS
                                                  ? self->writers[signer].seed
                                                  : kith_secret_get_data (self->host->row->author_seed)));
  packed = kith_group_ops_pack (ops);
  say_bytes (self, who, KITH_RECORD_GROUP_OPS, packed);
}

/* --- What else is signed -------------------------------------------------------------------- */

/* counter; then, in two bytes each, how much of Ben and of each other they have, and have read */
void
kith_fuzz_group_say_status (KithFuzzGroup *self, guint who, KithReader *in)
{
  KithGroupStatus status = { .counter = kith_reader_u8 (in) };
  g_autoptr (GBytes) packed = NULL;

  if (self->host->replica == NULL)
    return;

  memcpy (status.author, self->writers[who].author, sizeof status.author);
  status.rows = g_array_new (FALSE, TRUE, sizeof (KithGroupStatusRow));
  for (guint i = 0; i <= KITH_FUZZ_WRITERS && kith_reader_remaining (in) >= 4; i++)
    {
      KithGroupStatusRow row = { .delivered = kith_reader_u16 (in) };

      row.read = kith_reader_u16 (in);
      memcpy (row.author, i == 0 ? kith_group_replica_get_author (self->host->replica) : self->writers[i - 1].author,
              sizeof row.author);
      g_array_append_val (status.rows, row);
    }
  packed = kith_group_status_seal (&status, kith_group_get_id_bytes (self->model), self->writers[who].seed);
  kith_group_status_clear (&status);
  say_bytes (self, who, KITH_RECORD_GROUP_STATUS, packed);
}

/* seconds ahead; then addresses of four bytes and ports */
void
kith_fuzz_group_say_note (KithFuzzGroup *self, guint who, KithReader *in)
{
  g_autofree KithGroupWhere *note = g_new0 (KithGroupWhere, 1);
  const KithGroupWhere *notes[] = { note };
  g_autoptr (GByteArray) body = NULL;

  note->time_s = (guint64) (now_ms (self) / 1000 + (gint16) kith_reader_u16 (in));
  while (note->endpoints.n < KITH_LIMIT_GROUP_NOTE_ENDPOINTS && kith_reader_remaining (in) >= 6)
    {
      KithEndpoint *endpoint = &note->endpoints.items[note->endpoints.n++];

      endpoint->family = 4;
      kith_reader_bytes (in, endpoint->address, 4);
      endpoint->port = kith_reader_u16 (in);
    }
  kith_group_where_sign (note, kith_group_get_id_bytes (self->model), self->writers[who].seed);
  body = kith_body_group_peers_pack (notes, 1);
  kith_fuzz_group_say (self, who, KITH_RECORD_GROUP_PEERS, body->data, body->len);
}

void
kith_fuzz_group_say_join (KithFuzzGroup *self, guint who, guint of, const KithOwnInvite *link)
{
  guint8 proof[KITH_INVITE_PROOF_BYTES];
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GBytes) brought = NULL;

  if (link != NULL)
    kith_invite_get_author_proof (link->root, self->writers[of].author, proof);
  request = seal_join (self, of, link != NULL ? proof : NULL);
  brought = who == of ? g_bytes_ref (request) : kith_group_join_bring (request, self->writers[who].seed);
  say_bytes (self, who, KITH_RECORD_GROUP_JOIN, brought);
}
