/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4.1b: which groups two people share, as they name them in one session. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include <string.h>

#include "proto/kith-body-private.h"

void
kith_body_fill_groups (ProtobufCBinaryData out[KITH_LIMIT_GROUPS_SHARED], const KithBodyOpen *self)
{
  for (guint i = 0; i < self->n_groups; i++)
    out[i] = kith_body_bytes (self->groups[i].bytes, sizeof self->groups[i].bytes);
}

/* More than we keep is no reason to close; what is no name is. */
gboolean
kith_body_take_groups (KithBodyOpen *self, const ProtobufCBinaryData *groups, gsize n)
{
  for (gsize i = 0; i < n && self->n_groups < KITH_LIMIT_GROUPS_SHARED; i++)
    {
      if (groups[i].len != KITH_GROUP_NAME_BYTES)
        return FALSE;
      memcpy (self->groups[self->n_groups++].bytes, groups[i].data, KITH_GROUP_NAME_BYTES);
    }

  return TRUE;
}

/**
 * kith_body_group_shared_pack:
 * @self: groups
 *
 * Returns: (transfer full): the body of GROUP_SHARED
 */
GByteArray *
kith_body_group_shared_pack (const KithBodyOpen *self)
{
  Kith__GroupShared shared = KITH__GROUP_SHARED__INIT;
  ProtobufCBinaryData groups[KITH_LIMIT_GROUPS_SHARED];

  kith_body_fill_groups (groups, self);
  shared.groups = groups;
  shared.n_groups = self->n_groups;
  return kith_body_pack (&shared.base);
}

/**
 * kith_body_group_shared_unpack:
 * @self: (out caller-allocates): the body: nothing but groups
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_SHARED
 */
gboolean
kith_body_group_shared_unpack (KithBodyOpen *self, const guint8 *data, gsize len)
{
  Kith__GroupShared *shared = kith__group_shared__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodyOpen){ 0 };
  if (shared == NULL)
    return FALSE;

  ok = kith_body_take_groups (self, shared->groups, shared->n_groups);
  kith__group_shared__free_unpacked (shared, NULL);
  if (!ok)
    kith_body_open_clear (self);

  return ok;
}
