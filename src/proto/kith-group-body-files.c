/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 11: who has which file of a group, and who wants it. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include <string.h>

#include "proto/kith-group-body-private.h"

/**
 * kith_group_files_pack:
 * @self: what is wanted and what is there
 *
 * Returns: (transfer full): the body of GROUP_FILES
 */
GBytes *
kith_group_files_pack (const KithGroupFiles *self)
{
  Kith__GroupFiles out = KITH__GROUP_FILES__INIT;

  out.wanted = kith_body_bytes ((const guint8 *) self->wanted, self->n_wanted * sizeof self->wanted[0]);
  out.here = kith_body_bytes ((const guint8 *) self->here, self->n_here * sizeof self->here[0]);
  return kith_group_pack (&out.base);
}

static gboolean
take_ids (KithMessageId ids[KITH_LIMIT_GROUP_FILES_NAMED], guint *n, const ProtobufCBinaryData *in)
{
  if (in->len % sizeof *ids != 0 || in->len / sizeof *ids > KITH_LIMIT_GROUP_FILES_NAMED)
    return FALSE;

  *n = (guint) (in->len / sizeof *ids);
  if (*n > 0)
    memcpy (ids, in->data, in->len);
  return TRUE;
}

/**
 * kith_group_files_unpack:
 * @self: (out caller-allocates): what is wanted and what is there
 * @data: (array length=len) (nullable): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_FILES
 */
gboolean
kith_group_files_unpack (KithGroupFiles *self, const guint8 *data, gsize len)
{
  Kith__GroupFiles *in = kith__group_files__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  ok = take_ids (self->wanted, &self->n_wanted, &in->wanted)
       && take_ids (self->here, &self->n_here, &in->here);
  kith__group_files__free_unpacked (in, NULL);
  if (!ok)
    memset (self, 0, sizeof *self);
  return ok;
}
