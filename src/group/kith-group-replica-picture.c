/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: the picture of the group. The chain has its hash; the picture itself goes from member to
 * member: who lacks it asks one after the other, and whoever was asked too early sends it when they have
 * got it. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "group/kith-group-replica-private.h"
#include "proto/kith-record.h"

static const guint8 none[KITH_HASH_BYTES];

static gboolean
is_same (const guint8 *a, const guint8 *b)
{
  return memcmp (a, b, KITH_HASH_BYTES) == 0;
}

static gboolean
has (KithGroupReplica *self, const guint8 *hash)
{
  return self->picture != NULL && is_same (self->picture_hash, hash);
}

static void
keep (KithGroupReplica *self, GBytes *picture)
{
  g_clear_pointer (&self->picture, g_bytes_unref);
  self->picture = g_bytes_ref (picture);
  kith_group_picture_hash (picture, self->picture_hash);
}

/* --- Asking ---------------------------------------------------------------------------------- */

static void
send_picture (KithGroupReplica *self, KithGroupLink *link, const guint8 *hash, GBytes *picture)
{
  KithGroupPictureBody body = { .picture = picture };

  memcpy (body.hash, hash, sizeof body.hash);
  kith_group_replica_send (self, link, KITH_RECORD_GROUP_PICTURE, kith_group_picture_pack (&body));
}

/* The admin has it for sure. */
static KithGroupLink *
choose_link (KithGroupReplica *self)
{
  KithGroupLink *best = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupLink *link = value;
      gboolean is_admin = link->member == self->chain->state->admin;

      if (link->active && !link->picture_asked && (best == NULL || is_admin))
        best = link;
    }

  return best;
}

/* (skip) by time, and when there is another link: asks one more for what is still missing */
void
kith_group_replica_seek_picture (KithGroupReplica *self)
{
  const guint8 *wanted = self->chain->state->picture;
  KithGroupLink *link;

  if (is_same (wanted, none) || has (self, wanted) || !is_same (wanted, self->picture_sought))
    {
      self->picture_ms = G_MAXINT64;
      return;
    }
  if (self->picture_ms != G_MAXINT64 && self->now_ms < self->picture_ms)
    return;

  link = choose_link (self);
  self->picture_ms =
    link != NULL ? self->now_ms + KITH_LIMIT_GROUP_PICTURE_WAIT_MS : G_MAXINT64;
  if (link == NULL)
    return;

  link->picture_asked = TRUE;
  send_picture (self, link, wanted, NULL);
}

static void
begin_seeking (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer value;

  if (!is_same (self->picture_sought, self->chain->state->picture))
    {
      memcpy (self->picture_sought, self->chain->state->picture, sizeof self->picture_sought);
      g_hash_table_iter_init (&iter, self->links);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        ((KithGroupLink *) value)->picture_asked = FALSE;
      self->picture_ms = G_MAXINT64;
    }

  kith_group_replica_seek_picture (self);
}

/* --- Having ---------------------------------------------------------------------------------- */

/* Once each, on a link: who asks again for what they were sent gets nothing. */
static void
serve (KithGroupReplica *self, KithGroupLink *link)
{
  if (!link->active || is_same (link->picture_wanted, none) || !has (self, link->picture_wanted)
      || is_same (link->picture_wanted, link->picture_sent))
    return;

  memcpy (link->picture_sent, link->picture_wanted, sizeof link->picture_sent);
  memset (link->picture_wanted, 0, sizeof link->picture_wanted);
  send_picture (self, link, self->picture_hash, self->picture);
}

static void
serve_all (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    serve (self, link);
}

static void
tell (KithGroupReplica *self, GBytes *picture)
{
  KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_PICTURE);

  effect->bytes = picture != NULL ? g_bytes_ref (picture) : NULL;
  memcpy (self->picture_shown, picture != NULL ? self->picture_hash : none, sizeof self->picture_shown);
}

/* (skip) after the chain has changed, or the picture has come. Until the one that counts is here, the
 * one before is shown. */
void
kith_group_replica_follow_picture (KithGroupReplica *self)
{
  const guint8 *wanted = self->chain->state->picture;

  if (is_same (wanted, self->picture_shown))
    return;

  /* The one before is kept in memory: who has it is not sent it again, should it come back. */
  if (is_same (wanted, none))
    tell (self, NULL);
  else if (has (self, wanted))
    {
      tell (self, self->picture);
      serve_all (self);
    }
  else
    begin_seeking (self);
}

/* (skip) */
gboolean
kith_group_replica_receive_picture (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                    gsize len)
{
  KithGroupPictureBody picture;

  if (!kith_group_picture_unpack (&picture, body, len))
    return FALSE;

  if (picture.picture == NULL)
    {
      memcpy (link->picture_wanted, picture.hash, sizeof link->picture_wanted);
      serve (self, link);
    }
  else if (is_same (picture.hash, self->chain->state->picture) && !has (self, picture.hash))
    {
      keep (self, picture.picture);
      kith_group_replica_follow_picture (self);
    }

  kith_group_picture_clear (&picture);
  return TRUE;
}

/**
 * kith_group_replica_restore_picture:
 * @self: a replica that is being restored
 * @picture: (nullable): the picture that %KITH_GROUP_EFFECT_PICTURE said last
 */
void
kith_group_replica_restore_picture (KithGroupReplica *self, GBytes *picture)
{
  if (picture == NULL)
    return;

  keep (self, picture);
  memcpy (self->picture_shown, self->picture_hash, sizeof self->picture_shown);
}

/* What is so already is not written again. */
static gboolean
write_picture (KithGroupReplica *self, GBytes *picture, GError **error)
{
  g_autofree char *name = g_strdup (self->chain->state->name);
  KithGroupOpBody body = { .name = name, .has_picture = TRUE };

  if (picture != NULL)
    kith_group_picture_hash (picture, body.picture);
  return is_same (body.picture, self->chain->state->picture)
         || kith_group_replica_write_op (self, KITH_GROUP_OP_RENAME, &body, error);
}

/**
 * kith_group_replica_set_picture:
 * @self: a replica, of the admin
 * @picture: (nullable): a small picture, %KITH_LIMIT_GROUP_PICTURE_BYTES at most; %NULL: none any more
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_TOO_BIG, or as kith_group_replica_rename()
 *
 * Returns: whether it is the group's picture now
 */
gboolean
kith_group_replica_set_picture (KithGroupReplica *self, GBytes *picture, gint64 now_ms,
                                GError **error)
{
  g_autoptr (GBytes) former = NULL;
  gboolean ok;

  if (picture != NULL
      && (g_bytes_get_size (picture) == 0
          || g_bytes_get_size (picture) > KITH_LIMIT_GROUP_PICTURE_BYTES))
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_TOO_BIG, "Not a small picture");
      return FALSE;
    }
  if (!kith_group_replica_check_admin_act (self, error))
    return FALSE;

  kith_group_replica_begin (self, now_ms);
  former = self->picture != NULL ? g_bytes_ref (self->picture) : NULL;
  if (picture != NULL)
    keep (self, picture);
  ok = write_picture (self, picture, error);
  if (!ok && former != NULL)
    keep (self, former);
  kith_group_replica_end (self);
  return ok;
}
