/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the faces can do to make sure of a contact: node/kith-node-verify.h. Protocol 2.1. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-verify.h"

#include <string.h>

#include "base/kith-error.h"
#include "node/kith-node-private.h"
#include "node/kith-verification.h"
#include "proto/kith-identity.h"

static KithPeer *
find (KithNode *self, KithContact *contact, GError **error)
{
  KithPeer *peer = kith_node_known_peer (self, kith_contact_get_identity (contact));

  if (peer == NULL)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, "This contact was removed");

  return peer;
}

/* --- The number ----------------------------------------------------------------------------- */

char *
kith_node_dup_safety_number (KithNode *self, KithContact *contact)
{
  if (self->local == NULL)
    return NULL;

  return kith_safety_number (kith_local_get_identity (self->local),
                             kith_contact_get_identity (contact));
}

/* --- The code ------------------------------------------------------------------------------- */

char *
kith_node_dup_own_code (KithNode *self)
{
  return self->local != NULL ? kith_identity_code_encode (kith_local_get_identity (self->local)) : NULL;
}

static gboolean
check_code (KithNode *self, KithContact *contact, const char *code, GError **error)
{
  guint8 identity[KITH_IDENTITY_KEY_BYTES];

  if (!kith_identity_code_parse (code, identity))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "That is not the code of a person");
      return FALSE;
    }

  if (memcmp (identity, kith_contact_get_identity (contact), sizeof identity) == 0)
    return TRUE;

  if (self->local != NULL
      && memcmp (identity, kith_local_get_identity (self->local), sizeof identity) == 0)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_SELF, "That is our own code");
  else
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_WRONG_IDENTITY,
                         "That is the code of somebody else");
  return FALSE;
}

static void
code_verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (kith_node_set_verified_finish (KITH_NODE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kith_node_verify_code_async (KithNode *self, KithContact *contact, const char *code,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, kith_node_verify_code_async);
  if (find (self, contact, &error) == NULL || !check_code (self, contact, code, &error))
    g_task_return_error (task, error);
  else
    kith_node_set_verified_async (self, contact, KITH_VERIFIED_CODE, cancellable, code_verified_cb,
                                  g_steal_pointer (&task));
}

gboolean
kith_node_verify_code_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- The words ------------------------------------------------------------------------------ */

KithComparison *
kith_node_start_words (KithNode *self, KithContact *contact, GError **error)
{
  KithPeer *peer = find (self, contact, error);

  return peer != NULL ? kith_verification_start (peer, error) : NULL;
}

KithComparison *
kith_node_get_words (KithNode *self, KithContact *contact)
{
  KithPeer *peer = find (self, contact, NULL);

  if (peer == NULL || peer->verification == NULL)
    return NULL;

  return kith_verification_get_comparison (peer->verification);
}

gboolean
kith_node_answer_words (KithNode *self, KithContact *contact, gboolean yes, GError **error)
{
  KithPeer *peer = find (self, contact, error);

  if (peer == NULL)
    return FALSE;

  if (peer->verification == NULL || !kith_verification_answer (peer->verification, yes))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is nothing to answer");
      return FALSE;
    }

  return TRUE;
}

void
kith_node_stop_words (KithNode *self, KithContact *contact)
{
  KithPeer *peer = find (self, contact, NULL);

  if (peer != NULL && peer->verification != NULL)
    kith_verification_give_up (peer->verification);
}
