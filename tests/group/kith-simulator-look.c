/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restarts, and what can be seen of a person. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "kith-simulator-private.h"
#include "proto/kith-group-content.h"

/* --- Restarts -------------------------------------------------------------------------------- */

/* The machine is switched off: nothing that was not committed survives. */
void
kith_sim_stop (KithSimPerson *person)
{
  if (person->replica == NULL)
    return;

  kith_group_replica_free (g_steal_pointer (&person->replica));
  kith_sim_disconnect_all (person);
  person->due_ms = G_MAXINT64;
}

static gint
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

void
kith_sim_start (KithSimPerson *person, gboolean from_backup)
{
  KithGroupSelf me = kith_sim_get_self (person);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  if (person->replica != NULL)
    return;

  g_ptr_array_set_size (person->requests, 0);
  person->replica = kith_group_replica_restore (&me, person->sim->gid, person->state, from_backup);
  for (guint i = 0; i < person->ops->len; i++)
    kith_group_replica_restore_op (person->replica, person->ops->pdata[i],
                                   g_array_index (person->op_times, gint64, i));

  g_hash_table_iter_init (&iter, person->entries);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);
  g_ptr_array_sort (keys, compare_keys);
  for (guint i = 0; i < keys->len; i++)
    {
      const KithSimStored *stored = g_hash_table_lookup (person->entries, keys->pdata[i]);

      g_assert_true (kith_group_replica_restore_entry (person->replica, stored->entry->header,
                                                       stored->entry->content != NULL,
                                                       stored->redacted));
    }

  kith_group_replica_restore_picture (person->replica, person->picture);
  kith_group_replica_restore_done (person->replica, kith_sim_person_now (person));
  kith_sim_drain (person);
}

void
kith_sim_restart (KithSimPerson *person, gboolean from_backup)
{
  kith_sim_stop (person);
  kith_sim_start (person, from_backup);
}

/* --- Looking --------------------------------------------------------------------------------- */

guint
kith_sim_count_event (KithSimPerson *person, KithGroupEvent event)
{
  gpointer n = g_hash_table_lookup (person->events, GUINT_TO_POINTER (event));

  return GPOINTER_TO_UINT (n);
}

guint
kith_sim_count_shown (KithSimPerson *person)
{
  return g_hash_table_size (person->shown);
}

gboolean
kith_sim_shows (KithSimPerson *person, const char *text)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, person->shown);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupEntry *entry = value;
      g_auto (KithGroupContent) content = { .kind = KITH_GROUP_CONTENT_UNKNOWN };

      if (entry->content != NULL
          && kith_group_content_unpack (&content, g_bytes_get_data (entry->content, NULL),
                                        g_bytes_get_size (entry->content))
          && g_strcmp0 (content.text, text) == 0)
        return TRUE;
    }

  return FALSE;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const KithGroupEntry *left = *(KithGroupEntry *const *) a;
  const KithGroupEntry *right = *(KithGroupEntry *const *) b;
  gint order;

  if (left->hlc != right->hlc)
    return left->hlc < right->hlc ? -1 : 1;

  order = memcmp (left->author, right->author, 32);
  return order != 0 ? order : (left->seq < right->seq ? -1 : left->seq > right->seq);
}

static void
describe_members (GString *text, const KithGroupState *state)
{
  g_autofree char *admin = kith_hex_encode (state->admin->author, 4);
  g_autofree char *picture = kith_hex_encode (state->picture, 4);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < state->members->len; i++)
    {
      const KithGroupMember *member = state->members->pdata[i];

      if (member->removed_height == KITH_GROUP_NEVER)
        g_ptr_array_add (names, kith_hex_encode (member->author, 4));
    }
  g_ptr_array_sort (names, compare_keys);
  g_string_append_printf (text, "%s picture %s height %u admin %s:", state->name, picture, state->height,
                          admin);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, " %s", (char *) names->pdata[i]);
  g_string_append_c (text, '\n');
}

/* (transfer full): everything that has to be the same at all honest members: members, admin, and
 * the messages since @from_ms in order. */
char *
kith_sim_describe (KithSimPerson *person, gint64 from_ms)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  describe_members (text, kith_group_replica_get_state (person->replica));
  g_hash_table_iter_init (&iter, person->shown);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (entries, value);
  g_ptr_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    {
      const KithGroupEntry *entry = entries->pdata[i];
      g_autofree char *author = kith_hex_encode (entry->author, 4);
      g_autofree char *id = kith_hex_encode (entry->id, 4);

      if ((gint64) (entry->hlc >> 16) >= from_ms)
        g_string_append_printf (text, "%s/%" G_GUINT64_FORMAT " %s%s\n", author, entry->seq, id,
                                entry->content != NULL ? "" : " hollow");
    }

  return g_string_free (text, FALSE);
}
