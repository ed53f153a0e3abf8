/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Showing that one has a link, and seeing that somebody has: an invite's or a group's. Protocol 6.2, 10.7. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-node-invites-private.h"

/**
 * kith_invite_prove: (skip)
 * @root: the root of an invite
 * @session: the session on which it is shown
 * @open: (inout): gets the proof that we have the link
 */
void
kith_invite_prove (const guint8 *root, KithSession *session, KithBodyOpen *open)
{
  open->purpose = KITH_PURPOSE_INVITE;
  open->has_invite = TRUE;
  kith_invite_get_id (root, open->invite_id);
  kith_invite_get_proof (root, kith_session_get_hash (session), open->invite_proof);
}

/**
 * kith_invite_has_proof: (skip)
 * @root: the root of an invite, or of a link to a group
 * @session: the session on which it is shown
 * @open: what the other side says, with a proof
 *
 * Returns: whether they have the link
 */
gboolean
kith_invite_has_proof (const guint8 *root, KithSession *session, const KithBodyOpen *open)
{
  guint8 id[KITH_INVITE_ID_BYTES];
  guint8 proof[KITH_INVITE_PROOF_BYTES];

  kith_invite_get_id (root, id);
  kith_invite_get_proof (root, kith_session_get_hash (session), proof);
  return memcmp (id, open->invite_id, sizeof id) == 0
         && kith_secret_equal_memory (proof, open->invite_proof, sizeof proof);
}

/**
 * kith_invite_is_proven: (skip)
 * @root: the root of an invite
 * @session: the session on which it is shown
 * @open: what the other side says
 *
 * Returns: whether they ask with it
 */
gboolean
kith_invite_is_proven (const guint8 *root, KithSession *session, const KithBodyOpen *open)
{
  return open->purpose == KITH_PURPOSE_INVITE && kith_invite_has_proof (root, session, open);
}
