/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model of a group in step with its chain, and the lines of what happened in it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-links.h"
#include "node/kith-node-private.h"
#include "proto/kith-hash.h"
#include "proto/kith-identity.h"

/* --- Who is who ----------------------------------------------------------------------------- */

const guint8 *
kith_group_host_get_identity (KithGroupHost *self, const guint8 *author)
{
  const KithGroupMember *member =
    kith_group_state_find (kith_group_replica_get_state (self->replica), author);

  return member != NULL ? member->identity : NULL;
}

const guint8 *
kith_group_host_get_author (KithGroupHost *self, const guint8 *identity)
{
  const KithGroupMember *member =
    self->ready
      ? kith_group_state_find_identity (kith_group_replica_get_state (self->replica), identity)
      : NULL;

  return member != NULL && member->removed == KITH_GROUP_REMOVED_NOT ? member->author : NULL;
}

/* (transfer none): made when it is not there yet */
static KithMember *
ensure_member (KithGroupHost *self, const guint8 *identity)
{
  KithMember *known = kith_group_find_member (self->model, identity);
  g_autoptr (KithMember) member = NULL;
  g_autofree char *id = NULL;
  KithContact *contact;

  if (known != NULL)
    return known;

  id = kith_id_string_encode (identity);
  contact = kith_node_get_somebody (self->node, identity);
  member = kith_member_new (identity, id, contact,
                            contact == NULL ? kith_profile_get_name (self->node->profile) : NULL);
  kith_group_put_member (self->model, member, FALSE);
  return member; /* the group holds it */
}

KithMember *
kith_group_host_get_member (KithGroupHost *self, const guint8 *identity)
{
  return kith_group_find_member (self->model, identity);
}

/* --- In step with the chain ----------------------------------------------------------------- */

static void
link_member (KithGroupHost *self, const KithGroupMember *member)
{
  const guint8 *author = g_hash_table_lookup (self->known, member->identity);

  if (author != NULL && memcmp (author, member->author, KITH_GROUP_KEY_BYTES) == 0)
    return;

  g_hash_table_replace (self->known, g_memdup2 (member->identity, sizeof member->identity),
                        g_memdup2 (member->author, sizeof member->author));
  kith_group_links_put_member (self->node, self->row->gid, member->identity, member->author);
}

/* (transfer full): the identities of those who are members now */
static GHashTable *
list_current (const KithGroupState *state)
{
  GHashTable *current = g_hash_table_new (kith_identity_hash, kith_identity_equal);

  for (guint i = 0; i < state->members->len; i++)
    {
      KithGroupMember *member = g_ptr_array_index (state->members, i);

      if (member->removed == KITH_GROUP_REMOVED_NOT)
        g_hash_table_add (current, member->identity);
    }

  return current;
}

static void
unlink_gone (KithGroupHost *self)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) members = list_current (kith_group_replica_get_state (self->replica));
  GHashTableIter iter;
  gpointer identity;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &identity, NULL))
    if (!g_hash_table_contains (members, identity))
      g_ptr_array_add (gone, g_memdup2 (identity, KITH_IDENTITY_BYTES));

  for (guint i = 0; i < gone->len; i++)
    {
      g_hash_table_remove (self->known, g_ptr_array_index (gone, i));
      kith_group_host_drop_tokens (self, g_ptr_array_index (gone, i));
      kith_group_links_drop_member (self->node, self->row->gid, g_ptr_array_index (gone, i));
    }
}

/* Somebody may be there several times, with a new key each; the current one counts. */
static void
sync_people (KithGroupHost *self, const KithGroupState *state)
{
  const guint8 *own = kith_node_get_own_identity (self->node);
  g_autoptr (GHashTable) members = list_current (state);

  for (guint i = 0; i < state->members->len; i++)
    {
      const KithGroupMember *member = g_ptr_array_index (state->members, i);
      gboolean current = member->removed == KITH_GROUP_REMOVED_NOT;
      KithMember *model = ensure_member (self, member->identity);

      if (!current && g_hash_table_contains (members, member->identity))
        continue;
      kith_member_set_joined_ms (model, (gint64) MIN (member->added_ms, G_MAXINT64));
      kith_group_put_member (self->model, model, current);
      if (current && !kith_identity_equal (member->identity, own))
        link_member (self, member);
    }
}

static void
sync_name (KithGroupHost *self, const KithGroupState *state)
{
  const KithGroupRules rules = { state->policy.history_days, state->policy.vanish_days,
                                 state->policy.cap };

  if (state->name != NULL && g_strcmp0 (state->name, self->row->name) != 0)
    {
      g_free (self->row->name);
      self->row->name = g_strdup (state->name);
      kith_group_set_name (self->model, state->name);
      kith_group_host_commit_row (self);
      kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_NAME);
    }
  kith_group_set_policy (self->model, &rules);
}

static KithMembership
membership_of (KithGroupHost *self)
{
  switch (kith_group_replica_get_standing (self->replica))
    {
    case KITH_GROUP_STANDING_MEMBER:
      if (kith_group_replica_is_split (self->replica))
        return KITH_MEMBERSHIP_SPLIT;
      return kith_group_replica_is_frozen (self->replica) ? KITH_MEMBERSHIP_FROZEN
                                                          : KITH_MEMBERSHIP_MEMBER;
    case KITH_GROUP_STANDING_LEFT:
      return KITH_MEMBERSHIP_LEFT;
    case KITH_GROUP_STANDING_KICKED:
      return KITH_MEMBERSHIP_KICKED;
    case KITH_GROUP_STANDING_ASKING:
    default:
      return KITH_MEMBERSHIP_ASKING;
    }
}

static void
sync_endorsed (KithGroupHost *self)
{
  gint64 now_ms = kith_group_host_now_ms (self);
  gboolean can_endorse = kith_group_replica_can_endorse (self->replica, now_ms);
  gboolean can_claim = kith_group_replica_can_claim (self->replica);
  gboolean changed = can_endorse != kith_group_get_can_endorse (self->model)
                     || can_claim != kith_group_get_can_claim (self->model);

  kith_group_set_can_endorse (self->model, can_endorse);
  kith_group_set_can_claim (self->model, can_claim);
  if (changed)
    kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_SUCCESSION);
}

/* Those who are out have been told, if they could be: they hear nothing any more. And when we are out
 * ourselves nothing is sent or fetched: if we left, not before the others know of it. */
void
kith_group_host_part (KithGroupHost *self)
{
  const KithGroupState *state = kith_group_replica_get_state (self->replica);
  const KithGroupMember *me =
    kith_group_state_find (state, kith_group_replica_get_author (self->replica));
  KithMembership membership = membership_of (self);

  unlink_gone (self);
  if ((membership != KITH_MEMBERSHIP_LEFT && membership != KITH_MEMBERSHIP_KICKED)
      || (me != NULL && me->removed == KITH_GROUP_REMOVED_NOT))
    return;

  kith_group_host_end_waiting (self);
  kith_group_host_fail_pending (self);
  kith_group_host_drop_replica (self);
  g_clear_pointer (&self->row->author_seed, kith_secret_unref);
  kith_group_host_commit_row (self);
}

static void share_secret (KithGroupHost *self);

void
kith_group_host_sync_members (KithGroupHost *self)
{
  const KithGroupState *state = kith_group_replica_get_state (self->replica);
  KithMembership membership = membership_of (self);
  KithMember *admin = NULL;

  sync_people (self, state);
  if (state->admin != NULL)
    admin = ensure_member (self, state->admin->identity);
  if (admin != kith_group_get_admin (self->model))
    {
      kith_group_set_admin (self->model, admin);
      kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_ADMIN);
    }
  sync_name (self, state);
  sync_endorsed (self);
  kith_group_set_needs_key (self->model, kith_group_replica_needs_key (self->replica));
  kith_group_host_set_membership (self, membership);
  share_secret (self);
  kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_MEMBERS);
}

/* --- Lines ---------------------------------------------------------------------------------- */

/* What an event is called in a line; NULL: it has none. */
static const char *
name_of (KithGroupEvent event)
{
  switch (event)
    {
    case KITH_GROUP_EVENT_CREATED:
      return "created";
    case KITH_GROUP_EVENT_JOINED:
      return "joined";
    case KITH_GROUP_EVENT_LEFT:
      return "left";
    case KITH_GROUP_EVENT_KICKED:
      return "kicked";
    case KITH_GROUP_EVENT_ADMIN:
      return "admin";
    case KITH_GROUP_EVENT_RENAMED:
      return "renamed";
    case KITH_GROUP_EVENT_PICTURE:
      return "picture";
    case KITH_GROUP_EVENT_POLICY:
      return "policy";
    case KITH_GROUP_EVENT_NEW_KEY:
      return "rekeyed";
    case KITH_GROUP_EVENT_FORKED:
      return "forked";
    case KITH_GROUP_EVENT_FROZEN:
      return "frozen";
    case KITH_GROUP_EVENT_SPLIT:
      return "split";
    case KITH_GROUP_EVENT_THAWED:
    case KITH_GROUP_EVENT_MISSING:
    case KITH_GROUP_EVENT_CAN_ENDORSE:
    case KITH_GROUP_EVENT_ENDORSED:
    case KITH_GROUP_EVENT_MEMBER:
    case KITH_GROUP_EVENT_GONE:
    case KITH_GROUP_EVENT_NEEDS_KEY:
    case KITH_GROUP_EVENT_SECRET:
    case KITH_GROUP_EVENT_TRANSFER_DECLINED:
    default:
      return NULL;
    }
}

/* The same event may come again: it has the same id then. A group may freeze several times. */
static void
fill_id (KithGroupHost *self, const KithGroupEffect *effect, guint8 id[KITH_STORE_MESSAGE_ID_BYTES])
{
  guint8 hash[KITH_HASH_BYTES];
  const guint8 event = (guint8) effect->event;
  const guint64 number = effect->event == KITH_GROUP_EVENT_FROZEN
                           ? GUINT64_TO_BE ((guint64) kith_group_replica_get_state (self->replica)->height)
                           : GUINT64_TO_BE (effect->number);

  kith_hash (hash, "kith group line",
             KITH_FIELDS (KITH_FIELD (self->row->gid, sizeof self->row->gid),
                          KITH_FIELD (effect->op_id, sizeof effect->op_id), KITH_FIELD (&event, 1),
                          KITH_FIELD (effect->who, sizeof effect->who),
                          KITH_FIELD (effect->by, sizeof effect->by),
                          KITH_FIELD (&number, sizeof number)));
  memcpy (id, hash, KITH_STORE_MESSAGE_ID_BYTES);
}

/* Whether there is somebody with @author, who is not ourselves: then @out has the identity. */
static gboolean
take_person (KithGroupHost *self, const guint8 *author, guint8 out[KITH_IDENTITY_BYTES])
{
  const guint8 *identity = kith_group_host_get_identity (self, author);

  if (identity == NULL || kith_identity_equal (identity, kith_node_get_own_identity (self->node)))
    return FALSE;

  memcpy (out, identity, KITH_IDENTITY_BYTES);
  return TRUE;
}

static KithStoreMessage *
new_line (KithGroupHost *self, const KithGroupEffect *effect, const char *name)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);
  gint64 now_ms = kith_group_host_now_ms (self);

  fill_id (self, effect, row->id);
  memcpy (row->identity, self->row->gid, sizeof row->identity);
  row->kind = KITH_STORE_KIND_EVENT;
  row->event = g_strdup (name);
  row->time_ms = effect->time_ms > 0 ? MIN (effect->time_ms, now_ms) : now_ms;
  /* Before all that is written in the same ms: what is said in a group comes after its beginning. */
  row->hlc = MAX (kith_hlc_from_ms (row->time_ms), 1) - 1;
  row->read_ms = now_ms;
  row->state = KITH_MESSAGE_RECEIVED;
  row->text = g_strdup (effect->text != NULL ? effect->text : "");
  row->has_event_who = take_person (self, effect->who, row->event_who);
  row->has_event_by = take_person (self, effect->by, row->event_by);
  row->outgoing = !row->has_event_by && !row->has_event_who;
  if (!row->outgoing)
    {
      row->has_author = TRUE;
      memcpy (row->author, row->has_event_by ? row->event_by : row->event_who, sizeof row->author);
    }
  return row;
}

void
kith_group_turn_take_event (KithGroupTurn *turn, const KithGroupEffect *effect)
{
  gboolean lost_picture = effect->event == KITH_GROUP_EVENT_PICTURE && effect->number == 0;
  const char *name = lost_picture ? "picture-removed" : name_of (effect->event);
  KithStoreMessage *row;

  turn->members |= effect->event != KITH_GROUP_EVENT_MISSING;
  if (effect->event == KITH_GROUP_EVENT_NEW_KEY)
    kith_group_turn_take_key (turn, effect->by);
  if (name == NULL)
    return;

  row = new_line (turn->host, effect, name);
  kith_group_turn_add_step (turn, KITH_GROUP_STEP_MESSAGE, row,
                            kith_store_batch_add_message (turn->batch, row));
}

/* --- What the faces hear -------------------------------------------------------------------- */

static void
tell_member (KithGroupHost *self, const guint8 *author, KithMemberChange change)
{
  const guint8 *identity = kith_group_host_get_identity (self, author);
  KithMember *member = identity != NULL ? kith_group_host_get_member (self, identity) : NULL;

  if (member != NULL)
    kith_node_emit_member_changed (self->node, self->model, member, change);
}

static void
show_missing (KithGroupHost *self, const KithGroupEffect *effect)
{
  const guint8 *who = kith_group_host_get_identity (self, effect->who);
  const guint8 *by = kith_group_host_get_identity (self, effect->by);
  KithContact *author = who != NULL ? kith_node_get_somebody (self->node, who) : NULL;

  if (author == NULL
      || (effect->number > 0
          && kith_group_get_missing (self->model)->len >= KITH_LIMIT_GROUP_MISSING_AUTHORS))
    return;

  kith_group_set_missing (self->model, author, (guint) MIN (effect->number, G_MAXUINT),
                          by != NULL ? kith_node_get_somebody (self->node, by) : NULL);
  kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_MISSING);
}

static void
clear_offer (KithGroupHost *self)
{
  if (kith_group_get_transfer_to (self->model) == NULL)
    return;

  kith_group_set_transfer_to (self->model, NULL);
  kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_TRANSFER);
}

/* The admin asks us. */
void
kith_group_host_show_offer (KithGroupHost *self)
{
  kith_group_set_transfer_to (self->model,
                              ensure_member (self, kith_node_get_own_identity (self->node)));
  kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_TRANSFER);
}

/* @picture: (nullable): nobody has looked into it */
void
kith_group_host_show_picture (KithGroupHost *self, GBytes *picture)
{
  g_clear_pointer (&self->row->picture, g_bytes_unref);
  self->row->picture = picture != NULL ? g_bytes_ref (picture) : NULL;
  kith_group_set_picture (self->model, picture);
  kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_PICTURE);
}

/* What somebody calls themselves, until we meet them. */
static void
learn_name (KithGroupHost *self, const KithGroupEffect *effect)
{
  const guint8 *identity = kith_group_host_get_identity (self, effect->who);

  if (effect->event == KITH_GROUP_EVENT_JOINED && identity != NULL)
    kith_group_links_hint_name (self->node, identity, effect->text);
}

void
kith_group_host_show_event (KithGroupHost *self, const KithGroupEffect *effect)
{
  learn_name (self, effect);
  if (!self->ready)
    return; /* we are out */

  switch (effect->event)
    {
    case KITH_GROUP_EVENT_JOINED:
      tell_member (self, effect->who, KITH_MEMBER_CHANGE_JOINED);
      break;
    case KITH_GROUP_EVENT_LEFT:
      tell_member (self, effect->who, KITH_MEMBER_CHANGE_LEFT);
      break;
    case KITH_GROUP_EVENT_KICKED:
      tell_member (self, effect->who, KITH_MEMBER_CHANGE_KICKED);
      break;
    case KITH_GROUP_EVENT_ADMIN:
      clear_offer (self);
      tell_member (self, effect->who, KITH_MEMBER_CHANGE_ADMIN);
      break;
    case KITH_GROUP_EVENT_TRANSFER_DECLINED:
      clear_offer (self);
      break;
    case KITH_GROUP_EVENT_POLICY:
      kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_POLICY);
      break;
    case KITH_GROUP_EVENT_MISSING:
      show_missing (self, effect);
      break;
    case KITH_GROUP_EVENT_NEEDS_KEY:
      kith_group_host_ask_for_key (self);
      break;
    case KITH_GROUP_EVENT_MEMBER:
      kith_group_host_let_in (self);
      break;
    case KITH_GROUP_EVENT_CREATED:
    case KITH_GROUP_EVENT_RENAMED:
    case KITH_GROUP_EVENT_PICTURE:
    case KITH_GROUP_EVENT_NEW_KEY:
    case KITH_GROUP_EVENT_FORKED:
    case KITH_GROUP_EVENT_FROZEN:
    case KITH_GROUP_EVENT_THAWED:
    case KITH_GROUP_EVENT_SPLIT:
    case KITH_GROUP_EVENT_CAN_ENDORSE:
    case KITH_GROUP_EVENT_ENDORSED:
    case KITH_GROUP_EVENT_GONE:
    case KITH_GROUP_EVENT_SECRET:
      break;
    }
}

/* The secret by which members find each other: kith_group_links_set_secret() keeps the one before. */
static void
share_secret (KithGroupHost *self)
{
  const guint8 *bytes = kith_group_replica_get_secret (self->replica);
  g_autoptr (KithSecret) secret = NULL;

  if (bytes == NULL
      || (self->secret != NULL
          && memcmp (kith_secret_get_data (self->secret), bytes, KITH_GROUP_SECRET_BYTES) == 0))
    return;

  secret = kith_secret_new_from (bytes, KITH_GROUP_SECRET_BYTES);
  kith_group_links_set_secret (self->node, self->row->gid, secret, self->secret);
  g_clear_pointer (&self->secret, kith_secret_unref);
  self->secret = g_steal_pointer (&secret);
}
