/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What others see of us beside our messages: that we write, have read, are there. Protocol 8.1.
 *
 * Nothing of this is kept: it is told to who is online, and what is not told in time never is.
 */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-presence-private.h"

#include "base/kith-limits.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "node/kith-settings.h"

/* --- Settings ------------------------------------------------------------------------------- */

gboolean
kith_node_get_read_receipts (KithNode *self)
{
  return kith_node_get_setting_int (self, KITH_SETTING_READ_RECEIPTS) != 0;
}

void
kith_node_set_read_receipts (KithNode *self, gboolean enabled)
{
  kith_node_set_setting_int (self, KITH_SETTING_READ_RECEIPTS, enabled ? 1 : 0);
}

gboolean
kith_node_get_tells_typing (KithNode *self)
{
  return kith_node_get_setting_int (self, KITH_SETTING_TYPING) != 0;
}

void
kith_node_set_tells_typing (KithNode *self, gboolean enabled)
{
  GHashTableIter iter;
  gpointer peer;

  if (enabled == kith_node_get_tells_typing (self))
    {
      kith_node_write_settings_again (self);
      return;
    }

  g_hash_table_iter_init (&iter, self->peers);
  while (!enabled && g_hash_table_iter_next (&iter, NULL, &peer))
    {
      kith_node_set_typing (self, ((KithPeer *) peer)->conversation, FALSE);
      kith_presence_stop_typing (peer);
    }

  kith_node_set_setting_int (self, KITH_SETTING_TYPING, enabled ? 1 : 0);
}

/* --- That we write -------------------------------------------------------------------------- */

static gboolean
may_tell_typing (KithPeer *peer)
{
  KithNode *node = peer->node;

  return kith_peer_is_online (peer) && !peer->row->blocked && kith_node_get_tells_typing (node)
         && !kith_profile_get_hidden (node->profile) && kith_session_is_writable (peer->session);
}

static void
tell_typing (KithPeer *peer, gboolean on)
{
  kith_session_send_bytes (peer->session, KITH_RECORD_TYPING, kith_body_typing_pack (on));
}

void
kith_node_set_typing (KithNode *self, KithConversation *conversation, gboolean typing)
{
  KithContact *contact = kith_conversation_get_contact (conversation);
  KithPeer *peer =
    contact != NULL ? kith_node_lookup_peer (self, kith_contact_get_identity (contact)) : NULL;
  gint64 now_us = kith_env_monotonic_us (self->env);

  if (peer == NULL || !may_tell_typing (peer))
    return;

  if (typing
      && (peer->typing_us == 0
          || now_us - peer->typing_us >= KITH_LIMIT_TYPING_GAP_MS * G_GINT64_CONSTANT (1000)))
    {
      peer->typing_us = now_us;
      tell_typing (peer, TRUE);
    }
  else if (!typing && peer->typing_us != 0
           && now_us - peer->typing_us < KITH_LIMIT_TYPING_SHOWN_MS * G_GINT64_CONSTANT (1000))
    {
      peer->typing_us = 0;
      tell_typing (peer, FALSE);
    }
}

/**
 * kith_presence_message_sent: (skip)
 * @peer: to whom we have just sent a message, which says that the writing is over
 */
void
kith_presence_message_sent (KithPeer *peer)
{
  peer->typing_us = 0;
}

/* --- That they write ------------------------------------------------------------------------ */

static void
show_typing (KithPeer *peer, gboolean typing)
{
  if (kith_contact_get_typing (peer->contact) == typing)
    return;

  kith_contact_set_typing (peer->contact, typing);
  kith_node_emit_contact_changed (peer->node, peer->contact, KITH_CONTACT_CHANGE_TYPING);
}

/**
 * kith_presence_stop_typing: (skip)
 * @peer: who no longer writes
 */
void
kith_presence_stop_typing (KithPeer *peer)
{
  kith_timer_clear (&peer->typing_timer);
  show_typing (peer, FALSE);
}

static gboolean
stopped_cb (gpointer user_data)
{
  kith_presence_stop_typing (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * kith_presence_receive_typing: (skip)
 * @peer: a mutual contact
 * @body: (array length=len): the body of a TYPING; untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when it is malformed and the session has to be closed
 */
gboolean
kith_presence_receive_typing (KithPeer *peer, const guint8 *body, gsize len)
{
  gboolean on;

  if (!kith_body_typing_unpack (&on, body, len))
    return FALSE;
  /* What is left out ends by itself soon. */
  if (!kith_bucket_take (&peer->typing_bucket, g_get_monotonic_time (), KITH_LIMIT_TYPING_BURST,
                         KITH_LIMIT_TYPING_REFILL_MS))
    return TRUE;

  kith_timer_clear (&peer->typing_timer);
  if (!on || peer->hidden || !kith_node_get_tells_typing (peer->node))
    {
      show_typing (peer, FALSE);
      return TRUE;
    }

  kith_timer_start (&peer->typing_timer, KITH_LIMIT_TYPING_SHOWN_MS, stopped_cb, peer);
  show_typing (peer, TRUE);
  return TRUE;
}

/* --- Appearing offline ---------------------------------------------------------------------- */

static void
tell_presence (KithPeer *peer)
{
  gboolean hidden = kith_profile_get_hidden (peer->node->profile);

  kith_session_send_bytes (peer->session, KITH_RECORD_PRESENCE, kith_body_presence_pack (hidden));
}

/**
 * kith_presence_restore: (skip)
 * @node: a node that has got its profile
 */
void
kith_presence_restore (KithNode *node)
{
  kith_profile_set_hidden (node->profile,
                           kith_node_get_setting_int (node, KITH_SETTING_HIDDEN) != 0);
}

void
kith_node_set_hidden (KithNode *self, gboolean hidden)
{
  GHashTableIter iter;
  gpointer value;

  if (self->profile == NULL)
    return;

  if (hidden == kith_profile_get_hidden (self->profile))
    {
      kith_node_write_settings_again (self);
      return;
    }

  kith_node_set_setting_int (self, KITH_SETTING_HIDDEN, hidden ? 1 : 0);
  kith_profile_set_hidden (self->profile, hidden);
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      peer->typing_us = 0;
      if (kith_peer_is_online (peer))
        tell_presence (peer);
    }
}

/**
 * kith_presence_set_peer_hidden: (skip)
 * @peer: a peer
 * @hidden: whether it wants to be shown as absent
 */
void
kith_presence_set_peer_hidden (KithPeer *peer, gboolean hidden)
{
  peer->hidden = hidden;
  if (hidden)
    kith_presence_stop_typing (peer);
  kith_peer_update_presence (peer);
}

/* --- Sessions ------------------------------------------------------------------------------- */

/**
 * kith_presence_session_opened: (skip)
 * @peer: a peer with whom chat can flow
 *
 * OPEN has said it to who was a contact already; somebody who has just become one has to hear it.
 */
void
kith_presence_session_opened (KithPeer *peer)
{
  peer->typing_us = 0;
  if (kith_profile_get_hidden (peer->node->profile))
    tell_presence (peer);
}

/**
 * kith_presence_session_lost: (skip)
 * @peer: a peer whose session is going
 */
void
kith_presence_session_lost (KithPeer *peer)
{
  peer->typing_us = 0;
  kith_presence_stop_typing (peer);
}
