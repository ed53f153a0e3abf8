/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The links of a group, as its host has them: each has a number for the replica, and keeps what there was
 * no room for. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-private.h"

static guint
get_link (KithGroupHost *self, const guint8 *identity)
{
  const KithGroupHostLink *link = g_hash_table_lookup (self->links, identity);

  return link != NULL ? link->number : 0;
}

static KithGroupHost *
ready_host (KithNode *node, const guint8 *gid)
{
  KithGroupHost *host = kith_node_lookup_group (node, gid);

  return host != NULL && host->ready ? host : NULL;
}

static void
down (KithGroupHost *self, const guint8 *identity)
{
  guint number = get_link (self, identity);

  if (number == 0)
    return;

  g_hash_table_remove (self->links_by_number, GUINT_TO_POINTER (number));
  g_hash_table_remove (self->links, identity);
  if (self->replica != NULL)
    kith_group_replica_link_down (self->replica, number, kith_group_host_now_ms (self));
}

/* --- What there was no room for ---------------------------------------------------------------- */

typedef struct
{
  KithRecordType type;
  GBytes        *body; /* (owned) */
} Unsent;

static void
unsent_free (gpointer data)
{
  Unsent *unsent = data;

  g_bytes_unref (unsent->body);
  g_free (unsent);
}

void
kith_group_host_link_free (gpointer data)
{
  KithGroupHostLink *link = data;

  kith_source_clear (&link->room_idle);
  g_queue_clear_full (&link->unsent, unsent_free);
  g_free (link);
}

static gboolean
send_now (KithGroupHost *self, const KithGroupHostLink *link, KithRecordType type, GBytes *body)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (body, &len);

  return kith_group_links_send (self->node, self->row->gid, link->identity, type, data, len);
}

/* In order. Returns: whether nothing waits any more */
static gboolean
flush (KithGroupHost *self, KithGroupHostLink *link)
{
  Unsent *unsent;

  while ((unsent = g_queue_peek_head (&link->unsent)) != NULL
         && send_now (self, link, unsent->type, unsent->body))
    {
      link->unsent_bytes -= g_bytes_get_size (unsent->body);
      unsent_free (g_queue_pop_head (&link->unsent));
    }

  return unsent == NULL;
}

/* The node goes: the replica hears nothing any more. */
void
kith_group_host_end_links (KithGroupHost *self)
{
  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    kith_source_clear (&((KithGroupHostLink *) link)->room_idle);
}

static void
tell_of_room (KithGroupHost *self, guint number)
{
  kith_group_replica_link_writable (self->replica, number, kith_group_host_now_ms (self));
  kith_group_host_turn (self);
}

static gboolean
room_cb (gpointer user_data)
{
  KithGroupHostLink *link = user_data;
  g_autoptr (KithGroupHost) host = kith_group_host_ref (link->host);

  kith_source_clear (&link->room_idle);
  /* What was sent since then may not have left: then there is a word of it. */
  if (host->ready && g_queue_is_empty (&link->unsent)
      && kith_group_links_await_room (host->node, host->row->gid, link->identity))
    tell_of_room (host, link->number);
  return G_SOURCE_REMOVE;
}

/* The replica says only so much until it hears that it has left: where the socket takes it at once,
 * nothing else would tell of that. */
static void
await_room (KithGroupHost *self, KithGroupHostLink *link)
{
  if (link->room_idle != NULL || !kith_group_replica_link_is_full (self->replica, link->number)
      || !kith_group_links_await_room (self->node, self->row->gid, link->identity))
    return;

  link->room_idle = g_idle_source_new ();
  g_source_set_callback (link->room_idle, room_cb, link, NULL);
  g_source_attach (link->room_idle, NULL);
}

/* Sends a record, or keeps it until there is room: the replica counts on it that what it has said is
 * heard while the link lasts. Who does not read is hung up on, and begins anew. */
void
kith_group_host_send_record (KithGroupHost *self, guint number, KithRecordType type, GBytes *body)
{
  KithGroupHostLink *link = g_hash_table_lookup (self->links_by_number, GUINT_TO_POINTER (number));
  Unsent *unsent;

  if (link == NULL)
    return;
  if (g_queue_is_empty (&link->unsent) && send_now (self, link, type, body))
    {
      await_room (self, link);
      return;
    }

  unsent = g_new0 (Unsent, 1);
  unsent->type = type;
  unsent->body = g_bytes_ref (body);
  g_queue_push_tail (&link->unsent, unsent);
  link->unsent_bytes += g_bytes_get_size (body);
  if (link->unsent_bytes > KITH_LIMIT_GROUP_UNSENT_BYTES)
    kith_group_links_cut (self->node, link->identity);
}

/* --- What happens to links ---------------------------------------------------------------------- */

static void
linked_cb (const guint8 *gid, const guint8 *identity, gpointer user_data)
{
  KithGroupHost *self = ready_host (user_data, gid);
  KithGroupHostLink *link;

  if (self == NULL)
    return;

  down (self, identity);
  link = g_new0 (KithGroupHostLink, 1);
  link->host = self;
  link->number = ++self->last_link;
  memcpy (link->identity, identity, sizeof link->identity);
  g_queue_init (&link->unsent);
  g_hash_table_insert (self->links, link->identity, link);
  g_hash_table_insert (self->links_by_number, GUINT_TO_POINTER (link->number), link);
  /* Who takes us for a member already is asked all the same. */
  kith_group_host_reachable (self, identity);
  kith_group_replica_link_up (self->replica, link->number, identity,
                              kith_group_host_now_ms (self));
  kith_group_host_turn (self);
  if (self->row->restored && self->ready)
    kith_group_host_ask_for_key (self);
}

static void
unlinked_cb (const guint8 *gid, const guint8 *identity, gpointer user_data)
{
  KithGroupHost *self = ready_host (user_data, gid);

  if (self == NULL)
    return;

  down (self, identity);
  kith_group_host_turn (self);
}

static gboolean
record_cb (const guint8 *gid, const guint8 *identity, KithRecordType type, const guint8 *body,
           gsize len, gpointer user_data)
{
  KithGroupHost *self = ready_host (user_data, gid);
  guint number = self != NULL ? get_link (self, identity) : 0;
  gboolean is_fine;

  if (number == 0)
    return TRUE; /* the link has just ended here */

  self->speaker = kith_node_lookup_peer (self->node, identity);
  is_fine = kith_group_replica_receive (self->replica, number, (guint8) type, body, len,
                                        kith_group_host_now_ms (self));
  kith_group_host_turn (self);
  self->speaker = NULL;
  return is_fine;
}

static void
drained_cb (const guint8 *gid, const guint8 *identity, gpointer user_data)
{
  KithGroupHost *self = ready_host (user_data, gid);
  guint number = self != NULL ? get_link (self, identity) : 0;

  if (number == 0 || !flush (self, g_hash_table_lookup (self->links, identity)))
    return;

  tell_of_room (self, number);
}

static void
reachable_cb (const guint8 *gid, const guint8 *identity, gpointer user_data)
{
  KithGroupHost *self = kith_node_lookup_group (user_data, gid);

  if (self != NULL)
    kith_group_host_reachable (self, identity);
}

static gboolean
outside_cb (const guint8 *gid, const guint8 *identity, KithInvitation *link, KithRecordType type,
            const guint8 *body, gsize len, gpointer user_data)
{
  KithGroupHost *self = kith_node_lookup_group (user_data, gid);

  return self == NULL || kith_group_host_outside (self, identity, link, (guint8) type, body, len);
}

const KithGroupLinksEvents kith_group_host_events = { linked_cb,  unlinked_cb,  record_cb,
                                                      drained_cb, reachable_cb, outside_cb };
