/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: the picture of a group, and who asks for it. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "proto/kith-group-body-private.h"

/**
 * kith_group_picture_pack:
 * @self: a picture, or of which one is asked for
 *
 * Returns: (transfer full): the body of GROUP_PICTURE
 */
GBytes *
kith_group_picture_pack (const KithGroupPictureBody *self)
{
  Kith__GroupPicture out = KITH__GROUP_PICTURE__INIT;
  gsize len = 0;
  const guint8 *data = self->picture != NULL ? g_bytes_get_data (self->picture, &len) : NULL;

  out.hash = kith_body_bytes (self->hash, sizeof self->hash);
  if (len > 0)
    out.picture = kith_body_bytes (data, len);
  return kith_group_pack (&out.base);
}

/* What it says it is, it has to be. */
static gboolean
take_picture (KithGroupPictureBody *self, const ProtobufCBinaryData *in)
{
  guint8 hash[KITH_HASH_BYTES];

  if (in->len == 0)
    return TRUE;
  if (in->len > KITH_LIMIT_GROUP_PICTURE_BYTES)
    return FALSE;

  self->picture = g_bytes_new (in->data, in->len);
  kith_group_picture_hash (self->picture, hash);
  return memcmp (hash, self->hash, sizeof hash) == 0;
}

/**
 * kith_group_picture_unpack:
 * @self: (out caller-allocates): what is asked for or brought, to be cleared
 * @data: (array length=len) (nullable): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_PICTURE, and a picture that comes with it has the hash
 *   that it says. Whether it is a picture is not known then
 */
gboolean
kith_group_picture_unpack (KithGroupPictureBody *self, const guint8 *data, gsize len)
{
  Kith__GroupPicture *in = kith__group_picture__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  ok = kith_body_take_bytes (&in->hash, self->hash, sizeof self->hash)
       && take_picture (self, &in->picture);
  kith__group_picture__free_unpacked (in, NULL);
  if (!ok)
    kith_group_picture_clear (self);
  return ok;
}

/**
 * kith_group_picture_clear:
 * @self: what was unpacked
 *
 * Frees what it has.
 */
void
kith_group_picture_clear (KithGroupPictureBody *self)
{
  g_clear_pointer (&self->picture, g_bytes_unref);
}
