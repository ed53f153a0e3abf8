/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-sim-forge.h"

#include <string.h>

#include "base/kith-hlc.h"
#include "proto/kith-group-body.h"
#include "proto/kith-group-content.h"

/* A group of @n people who are all linked with each other; the first is admin. */
KithSim *
kith_sim_make_group (guint n, const KithGroupPolicy *policy)
{
  KithSim *sim = kith_sim_new (1);
  KithSimPerson *admin = kith_sim_add_person (sim);

  kith_sim_create (admin, policy);
  for (guint i = 1; i < n; i++)
    kith_sim_add_by (admin, kith_sim_add_person (sim));
  kith_sim_connect_all (sim);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  return sim;
}

KithSimPerson *
kith_sim_get_person (KithSim *sim, guint i)
{
  return kith_sim_get_people (sim)->pdata[i];
}

/* (transfer full): a text after the entry @before, or the first of its log. @written_ms: unix
 * time */
KithGroupEntry *
kith_sim_forge_entry (KithSimPerson *writer, guint64 seq, const KithGroupEntry *before,
                      const KithGroupOp *head, gint64 written_ms, const char *text)
{
  static const guint8 none[32];
  guint8 salt[16] = { 7 };
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_TEXT, .text = (char *) text };
  g_autoptr (GBytes) packed = kith_group_content_pack (&content);
  KithGroupEntryDraft draft = {
    .kind = KITH_GROUP_ENTRY_MESSAGE,
    .gid = kith_sim_get_gid (writer->sim),
    .seq = seq,
    .prev = before != NULL ? before->id : none,
    .chain_height = head->height,
    .chain_head = head->id,
    .hlc = kith_hlc_from_ms (written_ms) + (seq & 0xffff),
    .content = g_bytes_get_data (packed, NULL),
    .content_len = g_bytes_get_size (packed),
    .salt = salt,
  };

  return kith_group_entry_seal (&draft, kith_secret_get_data (writer->author_seed));
}

/* (transfer full): the body of a GROUP_ENTRIES with it alone. */
GBytes *
kith_sim_pack_entry (KithGroupEntry *entry)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();

  g_ptr_array_add (entries, entry);
  return kith_group_entries_pack (entries);
}

/* (transfer full): the last operation that counts for @person. */
KithGroupOp *
kith_sim_get_head_op (KithSimPerson *person)
{
  const KithGroupState *state = kith_group_replica_get_state (person->replica);

  for (guint i = 0; i < person->ops->len; i++)
    {
      g_autoptr (KithGroupOp) op = kith_group_op_parse (person->ops->pdata[i]);

      if (memcmp (op->id, state->head, sizeof op->id) == 0)
        return g_steal_pointer (&op);
    }

  g_assert_not_reached ();
}

/* (transfer full): an operation that follows @before. */
KithGroupOp *
kith_sim_forge_op (KithSimPerson *signer, KithGroupOpType type, const KithGroupOp *before,
                   const KithGroupOpBody *body)
{
  KithGroupOpDraft draft = {
    .type = type,
    .gid = kith_sim_get_gid (signer->sim),
    .height = before->height + 1,
    .prev = before->id,
    .time_ms = (guint64) kith_sim_get_now (signer->sim),
  };
  KithGroupOp *op = kith_group_op_seal (&draft, body, kith_secret_get_data (signer->author_seed));

  g_assert_nonnull (op);
  return op;
}

KithGroupOp *
kith_sim_forge_name (KithSimPerson *signer, const KithGroupOp *before, const char *name)
{
  const KithGroupOpBody body = { .name = (char *) name };

  return kith_sim_forge_op (signer, KITH_GROUP_OP_RENAME, before, &body);
}

/* (transfer full): the body of a GROUP_OPS with it alone. */
GBytes *
kith_sim_pack_op (KithGroupOp *op)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();

  g_ptr_array_add (ops, op->bytes);
  return kith_group_ops_pack (ops);
}
