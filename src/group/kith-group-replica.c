/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10: one replica of a group, seen from outside. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "group/kith-group-replica-private.h"
#include "group/kith-group-table.h"

/* --- Life ------------------------------------------------------------------------------------ */

/* (skip) */
void
kith_group_link_free (gpointer data)
{
  KithGroupLink *link = data;

  kith_group_hello_clear (&link->hello);
  g_hash_table_unref (link->rows);
  g_array_unref (link->wants);
  g_hash_table_unref (link->dirty);
  g_queue_clear_full (&link->serving, g_free);
  g_ptr_array_unref (link->push);
  g_free (link);
}

/* (skip) a replica that knows nothing but who we are and which group it is */
KithGroupReplica *
kith_group_replica_new (const KithGroupSelf *me, const guint8 *gid)
{
  KithGroupReplica *self = g_new0 (KithGroupReplica, 1);

  memcpy (self->identity, me->identity, sizeof self->identity);
  self->seed = kith_secret_ref (me->author_seed);
  kith_identity_get_public (kith_secret_get_data (me->author_seed), self->author);
  self->random = me->random;
  self->random_data = me->random_data;
  self->chain = kith_group_chain_new (gid);
  self->logs = kith_group_table_new ((GDestroyNotify) kith_group_log_free);
  self->links = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, kith_group_link_free);
  self->overlay = kith_group_overlay_new ();
  self->loads = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->backs = kith_group_table_new ((GDestroyNotify) kith_group_back_free);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_request_free);
  self->statuses = kith_group_table_new ((GDestroyNotify) kith_group_member_status_free);
  self->reads = kith_group_table_new (g_free);
  self->gaps = kith_group_table_new (g_free);
  self->voices = kith_group_table_new (g_free);
  self->denied = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                        (GDestroyNotify) g_bytes_unref, NULL);
  self->asked = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                       NULL);
  self->quarantine_ms = G_MAXINT64;
  self->pin_ms = G_MAXINT64;
  self->want_ms = G_MAXINT64;
  self->gaps_ms = G_MAXINT64;
  self->admin_ms = G_MAXINT64;
  self->overlay_ms = G_MAXINT64;
  self->picture_ms = G_MAXINT64;
  self->room_ms = G_MAXINT64;
  self->to_ask = kith_group_table_new (NULL);
  g_queue_init (&self->effects);
  g_queue_init (&self->unknown);
  g_queue_init (&self->waiting);
  return self;
}

/**
 * kith_group_replica_free:
 * @self: (transfer full): a replica
 *
 * Frees it, with the effects that nobody took.
 */
void
kith_group_replica_free (KithGroupReplica *self)
{
  g_hash_table_unref (self->links);
  g_hash_table_unref (self->loads);
  g_hash_table_unref (self->backs);
  g_hash_table_unref (self->statuses);
  g_hash_table_unref (self->reads);
  g_hash_table_unref (self->gaps);
  g_hash_table_unref (self->voices);
  g_hash_table_unref (self->denied);
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->logs);
  g_queue_clear (&self->waiting);
  g_queue_clear_full (&self->unknown, (GDestroyNotify) g_bytes_unref);
  g_ptr_array_unref (self->requests);
  g_hash_table_unref (self->to_ask);
  g_clear_pointer (&self->kept_state, g_bytes_unref);
  g_clear_pointer (&self->picture, g_bytes_unref);
  kith_group_overlay_free (self->overlay);
  kith_group_chain_free (self->chain);
  g_queue_clear_full (&self->effects, (GDestroyNotify) kith_group_effect_free);
  kith_secret_unref (self->seed);
  g_clear_pointer (&self->next_seed, kith_secret_unref);
  kith_secret_wipe (self->secret, sizeof self->secret);
  g_free (self);
}

void
kith_group_replica_forget_secrets (KithGroupReplica *self)
{
  kith_secret_forget (self->seed);
  if (self->next_seed != NULL)
    kith_secret_forget (self->next_seed);
  kith_secret_wipe (self->secret, sizeof self->secret);
}

/**
 * kith_group_replica_create:
 * @me: who we are
 * @name: how the group is called; as kith_text_sanitize_name() leaves it, and not empty
 * @policy: its rules; zeros = the usual ones
 * @now_ms: unix time
 *
 * Creates a group whose admin and only member we are (protocol 10.2).
 *
 * Returns: (transfer full) (nullable): its replica, with effects to be taken; %NULL if @name is no
 *   name
 */
KithGroupReplica *
kith_group_replica_create (const KithGroupSelf *me, const char *name, const KithGroupPolicy *policy,
                           gint64 now_ms)
{
  KithGroupOpDraft draft = { .type = KITH_GROUP_OP_CREATE, .time_ms = (guint64) MAX (now_ms, 0) };
  KithGroupOpBody body = { .name = (char *) name, .policy = *policy, .has_secret = TRUE };
  guint8 secret[KITH_GROUP_SECRET_BYTES];
  g_autoptr (KithGroupOp) op = NULL;
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();
  KithGroupReplica *self = NULL;

  memcpy (body.identity, me->identity, sizeof body.identity);
  me->random (me->random_data, secret, sizeof secret);
  kith_group_secret_hash (secret, body.secret_hash);
  op = kith_group_op_seal (&draft, &body, kith_secret_get_data (me->author_seed));
  if (op != NULL)
    {
      self = kith_group_replica_new (me, op->id);
      memcpy (self->secret, secret, sizeof secret);
      self->secret_height = 1;
      self->state_dirty = TRUE;
      g_ptr_array_add (ops, op->bytes);
      kith_group_replica_begin (self, now_ms);
      kith_group_replica_add_ops (self, ops, 0);
      kith_group_replica_end (self);
    }

  kith_secret_wipe (secret, sizeof secret);
  return self;
}

/**
 * kith_group_replica_join:
 * @me: who we are, and will be in the group
 * @gid: a group that we asked to be let into
 *
 * Waits to be added: what a member says on a link tells the rest.
 *
 * Returns: (transfer full): the replica
 */
KithGroupReplica *
kith_group_replica_join (const KithGroupSelf *me, const guint8 gid[KITH_GROUP_ID_BYTES])
{
  return kith_group_replica_new (me, gid);
}

/* --- Effects --------------------------------------------------------------------------------- */

/* (skip) adds an effect at the end; what it is about is for the caller to fill in */
KithGroupEffect *
kith_group_replica_emit (KithGroupReplica *self, KithGroupEffectType type)
{
  KithGroupEffect *effect = kith_group_effect_new (type);

  effect->time_ms = self->now_ms;
  g_queue_push_tail (&self->effects, effect);
  return effect;
}

/* (skip) tells people of something; @who and @by may be %NULL */
KithGroupEffect *
kith_group_replica_event (KithGroupReplica *self, KithGroupEvent event, const guint8 *who,
                          const guint8 *by)
{
  KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_EVENT);

  effect->event = event;
  if (who != NULL)
    memcpy (effect->who, who, sizeof effect->who);
  if (by != NULL)
    memcpy (effect->by, by, sizeof effect->by);
  return effect;
}

/**
 * kith_group_replica_take_effect:
 * @self: a replica
 *
 * To be called after every other call, until there are no more.
 *
 * Returns: (transfer full) (nullable): the next thing to do
 */
KithGroupEffect *
kith_group_replica_take_effect (KithGroupReplica *self)
{
  return g_queue_pop_head (&self->effects);
}

/* --- Every call ------------------------------------------------------------------------------ */

/* (skip) at the begin of what may change something */
void
kith_group_replica_begin (KithGroupReplica *self, gint64 now_ms)
{
  self->now_ms = MAX (now_ms, 0);
}

/* (skip) at the end of it: what was put off until everything is known */
void
kith_group_replica_end (KithGroupReplica *self)
{
  if (self->restoring)
    return;

  kith_group_replica_ask (self);
  kith_group_replica_flush_links (self);
  if (kith_group_overlay_has_changed (self->overlay))
    kith_group_replica_emit (self, KITH_GROUP_EFFECT_WANT_LINKS);

  if (self->state_dirty)
    {
      KithGroupEffect *effect = kith_group_effect_new (KITH_GROUP_EFFECT_STORE_STATE);

      /* In front: what is sent may rest on it. */
      effect->bytes = kith_group_replica_pack_state (self);
      g_queue_push_head (&self->effects, effect);
      self->state_dirty = FALSE;
    }
}

/**
 * kith_group_replica_get_due:
 * @self: a replica
 *
 * Returns: when kith_group_replica_tick() has something to do, unix time in ms; %G_MAXINT64 = not
 *   before something else happens. To be asked after every call
 */
gint64
kith_group_replica_get_due (KithGroupReplica *self)
{
  gint64 due = MIN (self->quarantine_ms, self->pin_ms);

  due = MIN (due, MIN (self->want_ms, kith_group_replica_get_status_due (self)));
  due = MIN (due, MIN (self->gaps_ms, self->admin_ms));
  due = MIN (due, MIN (self->picture_ms, self->room_ms));
  due = MIN (due, MIN (kith_group_replica_get_doubt_due (self), kith_group_replica_get_hello_due (self)));
  return MIN (due, MIN (self->overlay_ms, kith_group_replica_next_announcement (self)));
}

/**
 * kith_group_replica_tick:
 * @self: a replica
 * @now_ms: unix time
 *
 * Does what is due by time.
 *
 * Returns: as kith_group_replica_get_due()
 */
gint64
kith_group_replica_tick (KithGroupReplica *self, gint64 now_ms)
{
  gboolean pinned;

  kith_group_replica_begin (self, now_ms);
  kith_group_replica_doubt_admin (self);
  if (self->quarantine_ms <= now_ms)
    kith_group_replica_show_due (self);

  self->pin_ms = kith_group_chain_pin (self->chain, now_ms, &pinned);
  self->state_dirty = self->state_dirty || pinned;
  self->overlay_ms = kith_group_overlay_tick (self->overlay, now_ms);
  kith_group_replica_settle_requests (self);
  kith_group_replica_do_duties (self);
  kith_group_replica_check_admin (self);
  kith_group_replica_answer_hellos (self);
  kith_group_replica_check_wants (self);
  kith_group_replica_check_room (self);
  kith_group_replica_say_status (self);
  kith_group_replica_check_gaps (self);
  kith_group_replica_seek_picture (self);
  kith_group_replica_end (self);
  return kith_group_replica_get_due (self);
}

/* --- What is known --------------------------------------------------------------------------- */

/**
 * kith_group_replica_get_gid:
 * @self: a replica
 *
 * Returns: (transfer none): the group's id
 */
const guint8 *
kith_group_replica_get_gid (KithGroupReplica *self)
{
  return self->chain->gid;
}

/**
 * kith_group_replica_get_author:
 * @self: a replica
 *
 * Returns: (transfer none): our author key
 */
const guint8 *
kith_group_replica_get_author (KithGroupReplica *self)
{
  return self->author;
}

/**
 * kith_group_replica_get_standing:
 * @self: a replica
 *
 * Returns: whether we are a member
 */
KithGroupStanding
kith_group_replica_get_standing (KithGroupReplica *self)
{
  return self->left && self->standing == KITH_GROUP_STANDING_MEMBER ? KITH_GROUP_STANDING_LEFT
                                                                    : self->standing;
}

/**
 * kith_group_replica_get_state:
 * @self: a replica
 *
 * Returns: (transfer none): name, rules, members; valid until the next call. Without an admin
 *   while nothing is known
 */
const KithGroupState *
kith_group_replica_get_state (KithGroupReplica *self)
{
  return self->chain->state;
}

/* (skip) the member that has our identity, with whatever author key */
KithGroupMember *
kith_group_replica_get_me (KithGroupReplica *self)
{
  KithGroupMember *member = kith_group_state_find (self->chain->state, self->author);

  if (member != NULL && member->removed_height == KITH_GROUP_NEVER)
    return member;

  return kith_group_state_find_identity (self->chain->state, self->identity);
}

/**
 * kith_group_replica_is_admin:
 * @self: a replica
 *
 * Returns: whether we are the admin
 */
gboolean
kith_group_replica_is_admin (KithGroupReplica *self)
{
  const KithGroupMember *admin = self->chain->state->admin;

  return admin != NULL && admin->removed_height == KITH_GROUP_NEVER
         && memcmp (admin->author, self->author, sizeof self->author) == 0;
}

/**
 * kith_group_replica_is_frozen:
 * @self: a replica
 *
 * Returns: whether the admin contradicted himself, so that only a succession can go on
 */
gboolean
kith_group_replica_is_frozen (KithGroupReplica *self)
{
  return self->chain->frozen;
}

/**
 * kith_group_replica_is_split:
 * @self: a replica
 *
 * Returns: whether something that contradicts what is settled here has come
 */
gboolean
kith_group_replica_is_split (KithGroupReplica *self)
{
  return self->chain->split;
}

/**
 * kith_group_replica_needs_key:
 * @self: a replica
 *
 * Returns: whether nothing can be written before the admin gave us a new author key: see
 *   kith_group_replica_ask_new_key()
 */
gboolean
kith_group_replica_needs_key (KithGroupReplica *self)
{
  return self->needs_key;
}

/**
 * kith_group_replica_get_secret:
 * @self: a replica
 *
 * Returns: (transfer none) (nullable): the secret from which members derive where they find each
 *   other, %KITH_GROUP_SECRET_BYTES; %NULL while it is not known. It may be that of before the last
 *   removal, until somebody has told the new one
 */
const guint8 *
kith_group_replica_get_secret (KithGroupReplica *self)
{
  return self->secret_height != 0 ? self->secret : NULL;
}

/**
 * kith_group_replica_get_newest_seq:
 * @self: a replica
 * @author: an author key
 *
 * For tests and for measuring alone: the faces see messages, not numbers.
 *
 * Returns: the number of their last entry that is here and counts, 0 if none is
 */
guint64
kith_group_replica_get_newest_seq (KithGroupReplica *self, const guint8 author[KITH_GROUP_KEY_BYTES])
{
  const KithGroupLog *log = kith_group_replica_get_log (self, author);

  return log != NULL ? kith_group_log_counted (log) : 0;
}

/**
 * kith_group_replica_get_wanted:
 * @self: a replica
 *
 * Returns: (transfer container) (element-type KithGroupMember): with whom links are wanted, those
 *   that matter most first; valid until the next call
 */
GPtrArray *
kith_group_replica_get_wanted (KithGroupReplica *self)
{
  return kith_group_overlay_get_wanted (self->overlay, self->chain->state);
}

/* --- Logs ------------------------------------------------------------------------------------ */

/* (skip) (nullable) */
KithGroupLog *
kith_group_replica_get_log (KithGroupReplica *self, const guint8 *author)
{
  return g_hash_table_lookup (self->logs, author);
}

/* (skip) */
KithGroupLog *
kith_group_replica_ensure_log (KithGroupReplica *self, const guint8 *author)
{
  KithGroupLog *log = kith_group_replica_get_log (self, author);

  if (log == NULL)
    {
      log = kith_group_log_new (author);
      g_hash_table_insert (self->logs, log->author, log);
      kith_group_replica_update_log (self, log);
    }

  return log;
}

/* --- Writing --------------------------------------------------------------------------------- */

/**
 * kith_group_replica_can_post:
 * @self: a replica
 * @error: return location for an error: %KITH_ERROR_REFUSED to who is no member; %KITH_ERROR_PAUSED until there is
 *   another author key
 *
 * Returns: whether we may write into the group; the rate is not looked at
 */
gboolean
kith_group_replica_can_post (KithGroupReplica *self, GError **error)
{
  if (kith_group_replica_get_standing (self) != KITH_GROUP_STANDING_MEMBER)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_REFUSED, "Not a member of the group");
      return FALSE;
    }
  if (self->needs_key)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_PAUSED,
                   "The admin has to let this machine write first");
      return FALSE;
    }

  return TRUE;
}

/**
 * kith_group_replica_post:
 * @self: a replica
 * @content: (array length=len): a GroupContent (proto/kith-group-content.h)
 * @len: its length, at most %KITH_LIMIT_GROUP_CONTENT_BYTES
 * @now_ms: unix time
 * @id: (out caller-allocates): the entry's id; its first 16 bytes are the message's
 * @error: return location for an error: %KITH_ERROR_REFUSED for who is no member,
 *   %KITH_ERROR_PAUSED while a new author key is needed, %KITH_ERROR_TOO_BIG, %KITH_ERROR_BUSY if
 *   more was written in a short time than others would accept
 *
 * Writes a message. It comes back as an effect to be shown.
 *
 * Returns: whether it is written
 */
gboolean
kith_group_replica_post (KithGroupReplica *self, const guint8 *content, gsize len, gint64 now_ms,
                         guint8 id[KITH_GROUP_ID_BYTES], GError **error)
{
  gboolean ok;

  kith_group_replica_begin (self, now_ms);
  ok = kith_group_replica_write_entry (self, KITH_GROUP_ENTRY_MESSAGE, content, len, id, error);
  kith_group_replica_end (self);
  return ok;
}

/**
 * kith_group_replica_leave:
 * @self: a replica
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_REFUSED for an admin who has not handed over
 *   while others are there
 *
 * Leaves the group. The replica should live on until it says %KITH_GROUP_EVENT_GONE, or for a while,
 * so that the others can fetch our last entry; nothing is shown any more.
 *
 * Returns: whether we left
 */
gboolean
kith_group_replica_leave (KithGroupReplica *self, gint64 now_ms, GError **error)
{
  gboolean ok;

  if (kith_group_replica_is_admin (self) && self->chain->state->n_members > 1)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_REFUSED,
                   "Somebody else has to be admin first");
      return FALSE;
    }

  kith_group_replica_begin (self, now_ms);
  ok = kith_group_replica_write_entry (self, KITH_GROUP_ENTRY_LEAVE, NULL, 0, NULL, error);
  if (ok)
    {
      self->left = TRUE;
      self->state_dirty = TRUE;
    }
  kith_group_replica_end (self);
  return ok;
}
