/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.3: another admin, whom the present one asks, and who says yes to the chain as it is then. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "group/kith-group-replica-private.h"
#include "proto/kith-group-content.h"

static gboolean
write_control (KithGroupReplica *self, KithGroupEntryKind kind, const KithGroupControl *control,
               GError **error)
{
  g_autoptr (GBytes) content = kith_group_control_pack (kind, control);
  gsize len;
  const guint8 *data = g_bytes_get_data (content, &len);

  return kith_group_replica_write_entry (self, kind, data, len, NULL, error);
}

static gboolean
write_offer (KithGroupReplica *self, GError **error)
{
  KithGroupControl control = { { 0 }, { 0 }, { 0 } };

  memcpy (control.author, self->offered_to, sizeof control.author);
  memcpy (control.prev, kith_group_chain_get_head (self->chain)->op->id, sizeof control.prev);
  return write_control (self, KITH_GROUP_ENTRY_OFFER, &control, error);
}

/**
 * kith_group_replica_offer_admin:
 * @self: a replica, of the admin
 * @author: a member
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_INVALID: only the admin can, and another member; else as
 *   kith_group_replica_post()
 *
 * Asks a member to be admin. Once they accept, they are.
 *
 * Returns: whether they are asked
 */
gboolean
kith_group_replica_offer_admin (KithGroupReplica *self, const guint8 author[KITH_GROUP_KEY_BYTES],
                                gint64 now_ms, GError **error)
{
  gboolean ok;

  if (!kith_group_replica_is_admin (self) || self->chain->frozen
      || !kith_group_state_is_member (self->chain->state, author)
      || memcmp (author, self->author, sizeof self->author) == 0)
    return kith_error_refuse (error, KITH_ERROR_INVALID,
                              "Only the admin can hand over, to another member");

  kith_group_replica_begin (self, now_ms);
  self->offered = TRUE;
  self->n_offers = KITH_LIMIT_GROUP_OFFERS;
  self->state_dirty = TRUE;
  memcpy (self->offered_to, author, sizeof self->offered_to);
  ok = write_offer (self, error);
  kith_group_replica_end (self);
  return ok;
}

static gboolean
write_accept (KithGroupReplica *self, GError **error)
{
  KithGroupControl control = { { 0 }, { 0 }, { 0 } };

  memcpy (control.prev, kith_group_chain_get_head (self->chain)->op->id, sizeof control.prev);
  kith_group_accept_sign (control.prev, kith_secret_get_data (self->seed), control.acceptance);
  return write_control (self, KITH_GROUP_ENTRY_ACCEPT, &control, error);
}

/**
 * kith_group_replica_accept_transfer:
 * @self: a replica, of whom the admin asked
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_INVALID: nobody has asked; else as kith_group_replica_post()
 *
 * Agrees to be admin. We are when the admin has heard of it.
 *
 * Returns: whether it is written
 */
gboolean
kith_group_replica_accept_transfer (KithGroupReplica *self, gint64 now_ms, GError **error)
{
  gboolean ok;

  if (!self->offer_waits)
    return kith_error_refuse (error, KITH_ERROR_INVALID, "Nobody asked");

  kith_group_replica_begin (self, now_ms);
  ok = write_accept (self, error);
  if (ok)
    {
      self->offer_waits = FALSE;
      self->accepted_ms = now_ms;
      self->state_dirty = TRUE;
    }
  kith_group_replica_end (self);
  return ok;
}

/**
 * kith_group_replica_decline_transfer:
 * @self: a replica, of whom the admin asked
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_INVALID: nobody has asked; else as kith_group_replica_post()
 *
 * Returns: whether the admin will hear that we do not want to
 */
gboolean
kith_group_replica_decline_transfer (KithGroupReplica *self, gint64 now_ms, GError **error)
{
  KithGroupControl control = { { 0 }, { 0 }, { 0 } };
  gboolean ok;

  if (!self->offer_waits)
    return kith_error_refuse (error, KITH_ERROR_INVALID, "Nobody asked");

  kith_group_replica_begin (self, now_ms);
  memcpy (control.prev, self->offer_prev, sizeof control.prev);
  ok = write_control (self, KITH_GROUP_ENTRY_DECLINE, &control, error);
  self->offer_waits = !ok;
  self->state_dirty = TRUE;
  kith_group_replica_end (self);
  return ok;
}

static void
handle_offer (KithGroupReplica *self, const KithGroupControl *control)
{
  if (memcmp (control->author, self->author, sizeof self->author) != 0)
    return;

  /* The head has moved since we agreed: the admin needs our yes to the new one. */
  if (self->accepted_ms != 0 && self->now_ms - self->accepted_ms < KITH_LIMIT_GROUP_CONSENT_MS)
    {
      write_accept (self, NULL);
      return;
    }

  self->offer_waits = TRUE;
  self->state_dirty = TRUE;
  memcpy (self->offer_prev, control->prev, sizeof self->offer_prev);
  kith_group_replica_emit (self, KITH_GROUP_EFFECT_ADMIN_OFFERED);
}

static void
handle_accept (KithGroupReplica *self, const KithGroupControl *control)
{
  KithGroupOpBody body = { 0 };
  const guint8 *head = kith_group_chain_get_head (self->chain)->op->id;

  if (memcmp (control->prev, head, KITH_GROUP_ID_BYTES) != 0)
    {
      if (self->n_offers > 0 && self->n_offers--)
        write_offer (self, NULL);
      return;
    }

  /* With a wrong signature nothing comes of it: they may say it again. */
  memcpy (body.author, self->offered_to, sizeof body.author);
  memcpy (body.acceptance, control->acceptance, sizeof body.acceptance);
  if (kith_group_replica_write_op (self, KITH_GROUP_OP_TRANSFER, &body, NULL))
    {
      self->offered = FALSE;
      self->state_dirty = TRUE;
    }
}

/* A restored backup does not know whether it has done so already. */
static gboolean
may_hand_over (KithGroupReplica *self)
{
  return kith_group_replica_is_admin (self) && !self->chain->frozen && !self->needs_key
         && !self->unsure;
}

/* (skip) OFFER, ACCEPT and DECLINE */
void
kith_group_replica_handle_offer (KithGroupReplica *self, const KithGroupEntry *entry)
{
  KithGroupControl control;
  const guint8 *admin = self->chain->state->admin->author;
  gboolean by_admin = memcmp (entry->author, admin, KITH_GROUP_KEY_BYTES) == 0;
  gboolean by_asked = self->offered && may_hand_over (self)
                      && memcmp (entry->author, self->offered_to, KITH_GROUP_KEY_BYTES) == 0;

  if (entry->content == NULL
      || !kith_group_control_unpack (&control, (KithGroupEntryKind) entry->kind,
                                     g_bytes_get_data (entry->content, NULL),
                                     g_bytes_get_size (entry->content)))
    return;

  if (entry->kind == KITH_GROUP_ENTRY_OFFER && by_admin)
    handle_offer (self, &control);
  else if (entry->kind == KITH_GROUP_ENTRY_ACCEPT && by_asked)
    handle_accept (self, &control);
  else if (entry->kind == KITH_GROUP_ENTRY_DECLINE && by_asked)
    {
      self->offered = FALSE;
      self->state_dirty = TRUE;
      kith_group_replica_event (self, KITH_GROUP_EVENT_TRANSFER_DECLINED, entry->author, NULL);
    }
}
