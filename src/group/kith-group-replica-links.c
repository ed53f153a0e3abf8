/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: links with other members, and how they begin. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "group/kith-group-replica-private.h"
#include "group/kith-group-table.h"
#include "proto/kith-record.h"

#define OPS_BYTES (KITH_LIMIT_RECORD_GROUP_BYTES / 2) /* in one record, and one more */

/* (skip) (nullable) */
KithGroupLink *
kith_group_replica_get_link (KithGroupReplica *self, guint id)
{
  return g_hash_table_lookup (self->links, GUINT_TO_POINTER (id));
}

/* --- Sending --------------------------------------------------------------------------------- */

/* (skip) @body: (transfer full) */
void
kith_group_replica_send (KithGroupReplica *self, KithGroupLink *link, guint8 record, GBytes *body)
{
  KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_SEND);

  effect->link = link->id;
  effect->record = record;
  effect->bytes = body;
}

/* (skip) to all members that are linked */
void
kith_group_replica_broadcast (KithGroupReplica *self, guint8 record, GBytes *body, guint but_link)
{
  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    if (((KithGroupLink *) link)->active && ((KithGroupLink *) link)->id != but_link)
      kith_group_replica_send (self, link, record, g_bytes_ref (body));
}

/* (skip) @ops: (element-type GBytes) */
void
kith_group_replica_send_ops (KithGroupReplica *self, KithGroupLink *link, GPtrArray *ops)
{
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  gsize len = 0;

  for (guint i = 0; i < ops->len; i++)
    {
      g_ptr_array_add (some, ops->pdata[i]);
      len += g_bytes_get_size (ops->pdata[i]);
      if (len < OPS_BYTES && i + 1 < ops->len)
        continue;

      kith_group_replica_send (self, link, KITH_RECORD_GROUP_OPS, kith_group_ops_pack (some));
      g_ptr_array_set_size (some, 0);
      len = 0;
    }
}

/* --- Hello ----------------------------------------------------------------------------------- */

/* To whom is no member, as far as we know, only where our chain is: they may have the operation
 * that makes them one. */
static void
send_hello (KithGroupReplica *self, KithGroupLink *link)
{
  const KithGroupNode *head = kith_group_chain_get_head (self->chain);
  KithGroupHello hello = { .has_head = head != NULL };

  if (head != NULL)
    {
      hello.height = head->op->height;
      memcpy (hello.head, head->op->id, sizeof hello.head);
    }
  hello.locator = kith_group_chain_get_locator (self->chain);
  if (link->active)
    {
      memcpy (hello.ops_digest, kith_group_chain_get_digest (self->chain), sizeof hello.ops_digest);
      kith_group_replica_get_digest (self, link->member, hello.vector_digest);
      hello.secret_height = self->secret_height;
    }

  kith_group_replica_send (self, link, KITH_RECORD_GROUP_HELLO, kith_group_hello_pack (&hello));
  kith_group_hello_clear (&hello);
}

/* What a member needs to be told, operations first. */
static void
answer_hello (KithGroupReplica *self, KithGroupLink *link)
{
  g_autoptr (GPtrArray) ops = kith_group_chain_get_missing (self->chain, &link->hello);
  guint8 digest[KITH_HASH_BYTES];

  kith_group_replica_send_ops (self, link, ops);
  link->secret_height = link->hello.secret_height;
  kith_group_replica_share_secret (self, link);

  kith_group_replica_get_digest (self, link->member, digest);
  if (memcmp (digest, link->hello.vector_digest, sizeof digest) == 0)
    kith_group_replica_copy_rows (self, link);
  else
    kith_group_replica_send_vector (self, link);
  link->synced = TRUE;

  kith_group_replica_send_voices (self, link);
  kith_group_replica_send_requests (self, link);
  kith_group_replica_send_statuses (self, link);
}

/* Who was removed learns so, and nothing of what came after. */
static void
answer_past_member (KithGroupReplica *self, KithGroupLink *link, const KithGroupMember *member)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();
  guint from = kith_group_chain_find_common (self->chain, &link->hello);

  for (guint i = from; i < self->chain->accepted->len && i <= member->removed_height; i++)
    g_ptr_array_add (ops, ((KithGroupNode *) self->chain->accepted->pdata[i])->op->bytes);

  kith_group_replica_send_ops (self, link, ops);
}

/* They may have an operation that makes them a member, or says that they were not removed. */
static void
answer_stranger (KithGroupReplica *self, KithGroupLink *link)
{
  const KithGroupMember *past = kith_group_state_find_last (self->chain->state, link->identity);

  if (past != NULL)
    answer_past_member (self, link, past);
  if (link->hello.has_head && !link->told_place
      && kith_group_chain_find (self->chain, link->hello.head) == NULL)
    {
      link->told_place = TRUE;
      send_hello (self, link);
    }
}

/* (skip) of an admin who is not sure to be it: who has said how far they are, and knows nothing that
 * we do not */
void
kith_group_replica_note_heard (KithGroupReplica *self)
{
  guint others = self->chain->state->n_members > 0 ? self->chain->state->n_members - 1 : 0;
  GHashTableIter iter;
  gpointer value;

  if (!self->unsure && self->away_ms == 0)
    return;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupLink *link = value;

      if (link->active && link->hello.has_head
          && kith_group_chain_find (self->chain, link->hello.head) != NULL)
        g_hash_table_add (self->asked, g_bytes_new (link->identity, sizeof link->identity));
    }

  if (g_hash_table_size (self->asked) * 2 > others)
    {
      self->state_dirty = self->state_dirty || self->unsure;
      self->unsure = FALSE;
      self->away_ms = 0;
    }
}

/* An answer may be long. */
static gboolean
may_answer (KithGroupReplica *self, KithGroupLink *link)
{
  return kith_quota_take (&link->hellos, self->now_ms * 1000, KITH_LIMIT_GROUP_HELLO_BURST, KITH_LIMIT_GROUP_HELLO_MS);
}

static void
answer_in_turn (KithGroupReplica *self, KithGroupLink *link)
{
  link->hello_waits = !may_answer (self, link);
  if (!link->hello_waits)
    answer_hello (self, link);
}

/* (skip) by time: those that came too often */
void
kith_group_replica_answer_hellos (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupLink *link = value;

      if (link->hello_waits && link->active)
        answer_in_turn (self, link);
    }
}

/* (skip) when one of them may be answered */
gint64
kith_group_replica_get_hello_due (KithGroupReplica *self)
{
  gint64 due = G_MAXINT64;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupLink *link = value;

      if (link->hello_waits && link->active)
        due = MIN (due, self->now_ms + kith_quota_get_wait_ms (&link->hellos, self->now_ms * 1000,
                                                               KITH_LIMIT_GROUP_HELLO_BURST,
                                                               KITH_LIMIT_GROUP_HELLO_MS));
    }

  return due;
}

/* (skip) */
static gboolean
receive_hello (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                  gsize len)
{
  kith_group_hello_clear (&link->hello);
  if (!kith_group_hello_unpack (&link->hello, body, len))
    return FALSE;

  if (link->active)
    {
      answer_in_turn (self, link);
      kith_group_replica_note_heard (self);
    }
  else if (kith_group_chain_get_head (self->chain) != NULL
           && self->standing == KITH_GROUP_STANDING_MEMBER)
    {
      if (may_answer (self, link))
        answer_stranger (self, link);
    }
  else if (link->member != NULL && may_answer (self, link))
    {
      /* We are not in yet, but they are: what they do not know may be what lets us in. */
      g_autoptr (GPtrArray) ops = kith_group_chain_get_missing (self->chain, &link->hello);

      kith_group_replica_send_ops (self, link, ops);
    }

  return TRUE;
}

/* (skip) */
static void
greet (KithGroupReplica *self, KithGroupLink *link)
{
  send_hello (self, link);
  if (link->active && link->hello.locator != NULL)
    answer_hello (self, link);
}

/* --- Who is linked --------------------------------------------------------------------------- */

static void
forget_sync (KithGroupReplica *self, KithGroupLink *link)
{
  GHashTableIter iter;
  gpointer value;

  link->synced = FALSE;
  link->load_token = 0;
  g_hash_table_remove_all (link->rows);
  g_hash_table_remove_all (link->dirty);
  g_queue_clear_full (&link->serving, g_free);
  g_array_set_size (link->wants, 0);
  g_ptr_array_set_size (link->push, 0);
  link->push_bytes = 0;

  kith_group_replica_forget_asked (self, link);
  g_hash_table_iter_init (&iter, self->backs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupBack *back = value;
      KithGroupLog *log = kith_group_replica_get_log (self, back->author);

      if (back->link != link->id)
        continue;
      /* Somebody else may have it, too. */
      if (log != NULL)
        kith_group_replica_ask_for (self, log);
      g_hash_table_iter_remove (&iter);
    }
  if (self->backs_wait)
    kith_group_replica_ask_all (self);
}

static void
set_linked (KithGroupReplica *self, const KithGroupLink *link, gboolean linked)
{
  if (link->member != NULL)
    kith_group_overlay_set_linked (self->overlay, link->member->author, linked);
  self->overlay_ms = MIN (self->overlay_ms, self->now_ms + KITH_LIMIT_GROUP_WIDEN_MS);
}

/* Whom the state has under the peer's identity now. Who is none any more is not talked to. */
static void
rebind_link (KithGroupReplica *self, KithGroupLink *link)
{
  link->member = kith_group_state_find_identity (self->chain->state, link->identity);
  if (!link->active || (link->member != NULL && self->standing == KITH_GROUP_STANDING_MEMBER))
    return;

  link->active = FALSE;
  forget_sync (self, link);
  kith_group_replica_emit (self, KITH_GROUP_EFFECT_DROP_LINK)->link = link->id;
}

/* (skip) after whatever changed the state: what links said of it is gone with the old one */
void
kith_group_replica_rebind_links (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    rebind_link (self, link);
}

static void
refresh_link (KithGroupReplica *self, KithGroupLink *link)
{
  gboolean was_active = link->active;

  rebind_link (self, link);
  link->active = link->member != NULL && self->standing == KITH_GROUP_STANDING_MEMBER;
  set_linked (self, link, TRUE);
  if (link->active && !was_active)
    {
      greet (self, link);
      kith_group_replica_seek_picture (self);
    }
}

/* (skip) after members came or went: greets those who are members now */
void
kith_group_replica_refresh_links (KithGroupReplica *self)
{
  g_autoptr (GList) links = g_hash_table_get_values (self->links);

  for (GList *l = links; l != NULL; l = l->next)
    refresh_link (self, l->data);
  kith_group_replica_ask_all (self);
}

/**
 * kith_group_replica_link_up:
 * @self: a replica
 * @link: a number for the link, not 0 and not in use
 * @identity: the identity key of the peer, as the session proves it
 * @now_ms: unix time
 *
 * There is a session on which this group's records can go to and fro. The peer may be anybody:
 * what who is no member may say and hear is decided here.
 */
void
kith_group_replica_link_up (KithGroupReplica *self, guint link,
                            const guint8 identity[KITH_IDENTITY_KEY_BYTES], gint64 now_ms)
{
  KithGroupLink *fresh = g_new0 (KithGroupLink, 1);

  kith_group_replica_begin (self, now_ms);
  fresh->id = link;
  memcpy (fresh->identity, identity, sizeof fresh->identity);
  fresh->rows = kith_group_table_new (g_free);
  fresh->dirty = g_hash_table_new (NULL, NULL);
  fresh->wants = g_array_new (FALSE, FALSE, sizeof (KithGroupRange));
  fresh->push = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  g_queue_init (&fresh->serving);
  g_hash_table_replace (self->links, GUINT_TO_POINTER (link), fresh);

  refresh_link (self, fresh);
  if (!fresh->active && self->standing == KITH_GROUP_STANDING_ASKING)
    {
      send_hello (self, fresh);
      kith_group_replica_send_requests (self, fresh);
    }
  kith_group_replica_end (self);
}

/**
 * kith_group_replica_link_down:
 * @self: a replica
 * @link: a link that is no more
 * @now_ms: unix time
 */
void
kith_group_replica_link_down (KithGroupReplica *self, guint link, gint64 now_ms)
{
  KithGroupLink *gone = kith_group_replica_get_link (self, link);

  if (gone == NULL)
    return;

  kith_group_replica_begin (self, now_ms);
  g_hash_table_steal (self->links, GUINT_TO_POINTER (link));
  forget_sync (self, gone);
  set_linked (self, gone, FALSE);
  kith_group_link_free (gone);
  kith_group_replica_end (self);
}

/* --- Receiving ------------------------------------------------------------------------------- */

/* Who is honest has none: but for a few, where our limits and theirs were reached by other ways. */
static gboolean
may_be_wrong (KithGroupReplica *self, KithGroupLink *link, guint n)
{
  gboolean may = TRUE;

  for (guint i = 0; i < n && may; i++)
    may = kith_bucket_take (&link->bad_ops, self->now_ms * 1000, KITH_LIMIT_GROUP_BAD_OPS_BURST,
                            KITH_LIMIT_GROUP_BAD_OPS_REFILL_MS);

  return may;
}

/* (skip) something with a wrong signature came from them. Who is honest has checked it, and hands it on only if what they
 * had checked was changed on their disk. Returns: whether they may stay */
gboolean
kith_group_link_may_forge (KithGroupReplica *self, KithGroupLink *link)
{
  return kith_bucket_take (&link->forged, self->now_ms * 1000, KITH_LIMIT_GROUP_FORGED_BURST,
                           KITH_LIMIT_GROUP_FORGED_REFILL_MS);
}

static gboolean
receive_ops (KithGroupReplica *self, KithGroupLink *link, const guint8 *body, gsize len)
{
  g_autoptr (GPtrArray) ops = kith_group_ops_unpack (body, len);

  if (ops == NULL)
    return FALSE;

  return may_be_wrong (self, link, kith_group_replica_add_ops (self, ops, link->id));
}

static void
note_row (KithGroupLink *link, const KithGroupEntry *entry)
{
  KithGroupPeerRow *peer = kith_group_replica_get_peer_row (link, entry->author);

  if (peer->row.to >= entry->seq)
    return;

  peer->row.to = entry->seq;
  if (peer->row.from == 0)
    peer->row.from = entry->seq;
  memcpy (peer->row.id, entry->id, sizeof peer->row.id);
}

static gboolean
is_known (KithGroupReplica *self, const KithGroupEntry *entry)
{
  const KithGroupLog *log = kith_group_replica_get_log (self, entry->author);

  return log != NULL && kith_group_log_place (log, entry) == KITH_GROUP_LOG_KNOWN;
}

static gboolean
receive_entries (KithGroupReplica *self, KithGroupLink *link, const guint8 *body, gsize len)
{
  g_autoptr (GPtrArray) entries = kith_group_entries_unpack (body, len);

  if (entries == NULL)
    return FALSE;

  for (guint i = 0; i < entries->len && link->active; i++)
    {
      KithGroupEntry *entry = entries->pdata[i];

      /* Both pushed it to each other: somebody else is quicker on both sides. */
      if (entries->len == 1 && is_known (self, entry))
        link->lazy = TRUE;
      if (kith_group_state_find (self->chain->state, entry->author) != NULL)
        note_row (link, entry);
      if (!kith_group_replica_take_entry (self, entry, link->id) && !kith_group_link_may_forge (self, link))
        return FALSE;
      kith_group_replica_brought_content (self, link, entry);
    }

  return TRUE;
}

/* What only members say to members. */
static gboolean
receive_from_member (KithGroupReplica *self, KithGroupLink *link, guint8 record, const guint8 *body,
                     gsize len)
{
  switch (record)
    {
    case KITH_RECORD_GROUP_VECTOR:
      return kith_group_replica_receive_vector (self, link, body, len);
    case KITH_RECORD_GROUP_WANT:
      return kith_group_replica_receive_want (self, link, body, len);
    case KITH_RECORD_GROUP_ENTRIES:
      return receive_entries (self, link, body, len);
    case KITH_RECORD_GROUP_PROOF:
      return kith_group_replica_receive_proof (self, link, body, len);
    case KITH_RECORD_GROUP_ENDORSE:
      return kith_group_replica_receive_endorse (self, link, body, len);
    case KITH_RECORD_GROUP_STATUS:
      return kith_group_replica_receive_status (self, link, body, len);
    case KITH_RECORD_GROUP_SECRET:
      return kith_group_replica_receive_secret (self, link, body, len);
    case KITH_RECORD_GROUP_PICTURE:
      return kith_group_replica_receive_picture (self, link, body, len);
    default:
      return FALSE;
    }
}

/**
 * kith_group_replica_receive:
 * @self: a replica
 * @link: the link it came on
 * @record: the type of the record: any of GROUP_ but GROUP_PEERS
 * @body: (array length=len): its body, without the group's name before it; untrusted
 * @len: its length in bytes
 * @now_ms: unix time
 *
 * Returns: %FALSE if the peer broke the protocol: the session is to be closed
 */
gboolean
kith_group_replica_receive (KithGroupReplica *self, guint link, guint8 record, const guint8 *body,
                            gsize len, gint64 now_ms)
{
  KithGroupLink *from = kith_group_replica_get_link (self, link);
  gboolean ok = TRUE;

  if (from == NULL)
    return TRUE;

  kith_group_replica_begin (self, now_ms);
  if (record == KITH_RECORD_GROUP_HELLO)
    ok = receive_hello (self, from, body, len);
  else if (record == KITH_RECORD_GROUP_OPS)
    ok = receive_ops (self, from, body, len);
  else if (record == KITH_RECORD_GROUP_JOIN)
    ok = kith_group_replica_receive_join (self, from, body, len);
  else if (from->active)
    ok = receive_from_member (self, from, record, body, len);
  kith_group_replica_end (self);
  return ok;
}
