/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: the records in which entries go from one replica to the other. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include <string.h>

#include "base/kith-secret.h"
#include "proto/kith-group-body-private.h"

static void
fill_item (Kith__GroupItem *out, const KithGroupEntry *entry)
{
  kith__group_item__init (out);
  out->header = kith_body_bytes (entry->header, sizeof entry->header);
  out->signature = kith_body_bytes (entry->signature, sizeof entry->signature);
  out->hollow = entry->content == NULL;
  if (entry->content != NULL)
    {
      gsize len;
      const guint8 *data = g_bytes_get_data (entry->content, &len);

      out->salt = kith_body_bytes (entry->salt, sizeof entry->salt);
      out->content = kith_body_bytes (data, len);
    }
}

static KithGroupEntry *
take_item (const Kith__GroupItem *in)
{
  g_autoptr (KithGroupEntry) entry = NULL;

  entry = kith_group_entry_parse (in->header.data, in->header.len, in->signature.data,
                                  in->signature.len);
  if (entry == NULL || in->signature.data == NULL)
    return NULL;
  if (!in->hollow
      && !kith_group_entry_set_content (entry, in->salt.data, in->salt.len, in->content.data,
                                        in->content.len))
    return NULL;

  return g_steal_pointer (&entry);
}

static void
wipe_contents (Kith__GroupEntries *in)
{
  for (gsize i = 0; i < in->n_items; i++)
    if (in->items[i]->content.len > 0)
      kith_secret_wipe (in->items[i]->content.data, in->items[i]->content.len);
}

/**
 * kith_group_entries_pack:
 * @entries: (element-type KithGroupEntry): what fits into a record
 *
 * Returns: (transfer full): the body of GROUP_ENTRIES
 */
GBytes *
kith_group_entries_pack (GPtrArray *entries)
{
  Kith__GroupEntries out = KITH__GROUP_ENTRIES__INIT;
  g_autofree Kith__GroupItem *items = g_new (Kith__GroupItem, entries->len);
  g_autofree Kith__GroupItem **pointers = g_new (Kith__GroupItem *, entries->len);

  for (guint i = 0; i < entries->len; i++)
    {
      fill_item (&items[i], entries->pdata[i]);
      pointers[i] = &items[i];
    }

  out.items = pointers;
  out.n_items = entries->len;
  return kith_group_pack (&out.base);
}

/**
 * kith_group_entries_unpack:
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: (transfer full) (nullable) (element-type KithGroupEntry): entries whose form and
 *   content are right and whose signatures have not been looked at, or %NULL if that is not the
 *   body of a GROUP_ENTRIES
 */
GPtrArray *
kith_group_entries_unpack (const guint8 *data, gsize len)
{
  Kith__GroupEntries *in = kith__group_entries__unpack (NULL, len, data);
  g_autoptr (GPtrArray) entries = NULL;
  gboolean ok = in != NULL;

  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  for (gsize i = 0; ok && i < in->n_items; i++)
    {
      KithGroupEntry *entry = take_item (in->items[i]);

      ok = entry != NULL;
      if (ok)
        g_ptr_array_add (entries, entry);
    }

  if (in != NULL)
    {
      wipe_contents (in);
      kith__group_entries__free_unpacked (in, NULL);
    }
  return ok ? g_steal_pointer (&entries) : NULL;
}

/**
 * kith_group_proof_pack:
 * @first: an entry
 * @second: another of the same author and number
 *
 * Packs the headers and signatures alone: the contents prove nothing.
 *
 * Returns: (transfer full): the body of GROUP_PROOF
 */
GBytes *
kith_group_proof_pack (const KithGroupEntry *first, const KithGroupEntry *second)
{
  Kith__GroupProof out = KITH__GROUP_PROOF__INIT;
  Kith__GroupItem items[2];
  const KithGroupEntry *entries[2] = { first, second };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      kith__group_item__init (&items[i]);
      items[i].header = kith_body_bytes (entries[i]->header, sizeof entries[i]->header);
      items[i].signature = kith_body_bytes (entries[i]->signature, sizeof entries[i]->signature);
      items[i].hollow = TRUE;
    }

  out.first = &items[0];
  out.second = &items[1];
  return kith_group_pack (&out.base);
}

/**
 * kith_group_proof_unpack:
 * @first: (out) (transfer full): an entry
 * @second: (out) (transfer full): another
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_PROOF: two different entries to which one author gave the
 *   same number in the same group. Whether the signatures are good has not been looked at
 */
gboolean
kith_group_proof_unpack (KithGroupEntry **first, KithGroupEntry **second, const guint8 *data,
                         gsize len)
{
  Kith__GroupProof *in = kith__group_proof__unpack (NULL, len, data);
  g_autoptr (KithGroupEntry) a = NULL;
  g_autoptr (KithGroupEntry) b = NULL;

  *first = *second = NULL;
  if (in != NULL && in->first != NULL && in->second != NULL)
    {
      in->first->hollow = in->second->hollow = TRUE;
      a = take_item (in->first);
      b = take_item (in->second);
    }
  if (in != NULL)
    kith__group_proof__free_unpacked (in, NULL);

  if (a == NULL || b == NULL || memcmp (a->author, b->author, sizeof a->author) != 0
      || memcmp (a->gid, b->gid, sizeof a->gid) != 0 || a->seq != b->seq
      || memcmp (a->id, b->id, sizeof a->id) == 0)
    return FALSE;

  *first = g_steal_pointer (&a);
  *second = g_steal_pointer (&b);
  return TRUE;
}
