/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 2.1: the body that SAS_COMMIT, SAS_REPLY and SAS_REVEAL have in common. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include <string.h>

#include "proto/kith-body-private.h"

static gboolean
take_outcome (KithSasOutcome *out, Kith__SasOutcome outcome)
{
  switch (outcome)
    {
    case KITH__SAS_OUTCOME__SAS_NONE:
      *out = KITH_SAS_NONE;
      return TRUE;
    case KITH__SAS_OUTCOME__SAS_SAME:
      *out = KITH_SAS_SAME;
      return TRUE;
    case KITH__SAS_OUTCOME__SAS_DIFFERENT:
      *out = KITH_SAS_DIFFERENT;
      return TRUE;
    case KITH__SAS_OUTCOME__SAS_GIVEN_UP:
      *out = KITH_SAS_GIVEN_UP;
      return TRUE;
    case _KITH__SAS_OUTCOME_IS_INT_SIZE:
      break;
    }

  return FALSE;
}

/**
 * kith_body_sas_pack:
 * @self: the attempt, and a value or an outcome
 *
 * Returns: (transfer full): the body of SAS_COMMIT, SAS_REPLY or SAS_REVEAL
 */
GByteArray *
kith_body_sas_pack (const KithBodySas *self)
{
  Kith__Sas body = KITH__SAS__INIT;

  body.attempt = self->attempt;
  body.outcome = (Kith__SasOutcome) self->outcome;
  if (self->outcome == KITH_SAS_NONE)
    body.value = kith_body_bytes (self->value, sizeof self->value);
  return kith_body_pack (&body.base);
}

/**
 * kith_body_sas_unpack:
 * @self: (out caller-allocates): what it says
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it has an attempt and either a value or an outcome
 */
gboolean
kith_body_sas_unpack (KithBodySas *self, const guint8 *data, gsize len)
{
  Kith__Sas *body = kith__sas__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodySas){ 0 };
  if (body == NULL)
    return FALSE;

  self->attempt = body->attempt;
  ok = take_outcome (&self->outcome, body->outcome)
       && body->value.len == (self->outcome == KITH_SAS_NONE ? KITH_SAS_BYTES : 0);
  if (ok && body->value.len > 0)
    memcpy (self->value, body->value.data, body->value.len);
  kith__sas__free_unpacked (body, NULL);
  return ok;
}
