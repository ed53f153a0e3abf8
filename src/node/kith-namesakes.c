/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names are what people see and anybody can take. Contacts and requests that share one with somebody
 * else are marked, unless the user has made sure of them.
 *
 * Names are folded once, when they change, and kept by what they fold to: who changes theirs costs us a
 * look at those who are called the same, however many people we know. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-namesakes.h"

#include <string.h>

#include "base/kith-text.h"
#include "node/kith-node-private.h"

/* What somebody is called, folded: what they are shown as, what they call themselves, what we call them. */
enum
{
  SHOWN,
  NAME,
  ALIAS,
  N_NAMES
};

typedef struct
{
  KithContact *contact;        /* (owned) */
  char        *folded[N_NAMES]; /* (owned) (nullable) */
} Called;

struct _KithNamesakes
{
  GHashTable *people; /* (owned) identity -> Called */
  GHashTable *shown;  /* (owned) folded -> GPtrArray of Called: those who are shown so */
  GHashTable *called; /* (owned) folded -> GPtrArray of Called: those who go by it in whatever way */
};

static void
called_free (gpointer data)
{
  Called *self = data;

  for (guint i = 0; i < N_NAMES; i++)
    g_free (self->folded[i]);
  g_object_unref (self->contact);
  g_free (self);
}

/* --- By name -------------------------------------------------------------------------------- */

static void
put (GHashTable *table, const char *folded, Called *called)
{
  GPtrArray *same = folded != NULL ? g_hash_table_lookup (table, folded) : NULL;

  if (folded == NULL)
    return;

  if (same == NULL)
    {
      same = g_ptr_array_new ();
      g_hash_table_insert (table, g_strdup (folded), same);
    }
  if (!g_ptr_array_find (same, called, NULL))
    g_ptr_array_add (same, called);
}

static void
take (GHashTable *table, const char *folded, Called *called)
{
  GPtrArray *same = folded != NULL ? g_hash_table_lookup (table, folded) : NULL;

  if (same == NULL)
    return;

  g_ptr_array_remove_fast (same, called);
  if (same->len == 0)
    g_hash_table_remove (table, folded);
}

static guint
count (GHashTable *table, const char *folded)
{
  const GPtrArray *same = folded != NULL ? g_hash_table_lookup (table, folded) : NULL;

  return same != NULL ? same->len : 0;
}

/* --- Marks ---------------------------------------------------------------------------------- */

static void
mark (Called *called, gboolean is_shared)
{
  KithContact *contact = called->contact;

  kith_contact_set_name_taken (contact,
                               is_shared && kith_contact_get_verified (contact) == KITH_VERIFIED_NOT
                                 && kith_contact_get_relation (contact) != KITH_RELATION_REMOVED);
}

/* Whoever was alone under a name is not any more when the second comes, and is again when it goes. */
static void
mark_few (KithNamesakes *self, const char *folded)
{
  const GPtrArray *same = folded != NULL ? g_hash_table_lookup (self->shown, folded) : NULL;

  for (guint i = 0; same != NULL && same->len <= 2 && i < same->len; i++)
    mark (g_ptr_array_index (same, i), same->len > 1);
}

static void
mark_requests (KithNode *node)
{
  guint n_requests = g_list_model_get_n_items (G_LIST_MODEL (node->requests));

  for (guint i = 0; i < n_requests; i++)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (G_LIST_MODEL (node->requests), i);

      kith_request_set_name_taken (request,
                                   kith_namesakes_has (node, kith_request_get_identity (request),
                                                       kith_request_get_name (request)));
    }
}

/* --- What others call ----------------------------------------------------------------------- */

static void
forget (KithNamesakes *self, Called *called)
{
  g_autofree char *shown = g_steal_pointer (&called->folded[SHOWN]);

  take (self->shown, shown, called);
  take (self->called, called->folded[NAME], called);
  take (self->called, called->folded[ALIAS], called);
  g_clear_pointer (&called->folded[NAME], g_free);
  g_clear_pointer (&called->folded[ALIAS], g_free);
  mark_few (self, shown);
}

static char *
fold (const char *name)
{
  return name != NULL && *name != '\0' ? kith_text_fold_name (name) : NULL;
}

/* Returns: whether that is what they are called already */
static gboolean
is_same (const Called *called, char *const folded[N_NAMES])
{
  gboolean same = TRUE;

  for (guint i = 0; i < N_NAMES; i++)
    same &= g_strcmp0 (called->folded[i], folded[i]) == 0;

  return same;
}

/* @folded: (transfer full) */
static void
remember (KithNamesakes *self, Called *called, char *folded[N_NAMES])
{
  memcpy (called->folded, folded, sizeof called->folded);
  put (self->shown, called->folded[SHOWN], called);
  put (self->called, called->folded[NAME], called);
  put (self->called, called->folded[ALIAS], called);
  mark_few (self, called->folded[SHOWN]);
}

static Called *
ensure (KithNamesakes *self, const KithPeer *peer)
{
  Called *called = g_hash_table_lookup (self->people, peer->row->identity);

  if (called == NULL)
    {
      called = g_new0 (Called, 1);
      g_hash_table_insert (self->people, g_memdup2 (peer->row->identity, KITH_IDENTITY_BYTES), called);
    }
  g_set_object (&called->contact, peer->contact);
  return called;
}

static void
note_peer (KithNode *node, const KithPeer *peer)
{
  KithNamesakes *self = node->namesakes;
  Called *called = ensure (self, peer);
  char *folded[N_NAMES] = { fold (kith_contact_get_display_name (peer->contact)), fold (peer->row->name),
                            fold (peer->row->alias) };

  if (is_same (called, folded))
    {
      for (guint i = 0; i < N_NAMES; i++)
        g_free (folded[i]);
    }
  else
    {
      forget (self, called);
      remember (self, called, folded);
      mark_requests (node);
    }
  mark (called, count (self->shown, called->folded[SHOWN]) > 1);
}

/**
 * kith_namesakes_note: (skip)
 * @node: a node
 * @identity: the identity key of somebody who came, went, or changed what they are called
 *
 * Marks them, and those who are called the same. Main thread.
 */
void
kith_namesakes_note (KithNode *node, const guint8 *identity)
{
  KithNamesakes *self = node->namesakes;
  const KithPeer *peer = kith_node_lookup_peer (node, identity);
  Called *called = g_hash_table_lookup (self->people, identity);

  if (peer != NULL)
    note_peer (node, peer);
  else if (called != NULL)
    {
      forget (self, called);
      g_hash_table_remove (self->people, identity);
      mark_requests (node);
    }
}

/**
 * kith_namesakes_has: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 * @name: (nullable): what they call themselves; untrusted
 *
 * Returns: whether somebody else whom we know, under that identity or with history only, is called
 *   the same or calls themselves so
 */
gboolean
kith_namesakes_has (KithNode *node, const guint8 *identity, const char *name)
{
  g_autofree char *folded = fold (name);
  const GPtrArray *same = folded != NULL ? g_hash_table_lookup (node->namesakes->called, folded) : NULL;

  for (guint i = 0; same != NULL && i < same->len; i++)
    {
      const Called *other = g_ptr_array_index (same, i);

      if (!kith_identity_equal (kith_contact_get_identity (other->contact), identity))
        return TRUE;
    }

  return FALSE;
}

/* --- Life ----------------------------------------------------------------------------------- */

/**
 * kith_namesakes_new: (skip)
 *
 * Returns: (transfer full): nobody is known yet
 */
KithNamesakes *
kith_namesakes_new (void)
{
  KithNamesakes *self = g_new0 (KithNamesakes, 1);

  self->people = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, g_free, called_free);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->called = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  return self;
}

/**
 * kith_namesakes_free: (skip)
 * @self: (transfer full): the names of everybody
 */
void
kith_namesakes_free (KithNamesakes *self)
{
  g_hash_table_unref (self->shown);
  g_hash_table_unref (self->called);
  g_hash_table_unref (self->people);
  g_free (self);
}
