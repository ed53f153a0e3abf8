/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-invitation.h"

#include <string.h>

#include "base/kith-text.h"
#include "proto/kith-body-private.h"

/**
 * kith_group_invitation_clear:
 * @self: an invitation
 */
void
kith_group_invitation_clear (KithGroupInvitation *self)
{
  g_clear_pointer (&self->name, g_free);
}

/**
 * kith_group_invitation_encode:
 * @self: an invitation
 *
 * Returns: (transfer full): what the outbox keeps of it
 */
char *
kith_group_invitation_encode (const KithGroupInvitation *self)
{
  Kith__GroupInvite out = KITH__GROUP_INVITE__INIT;
  g_autoptr (GByteArray) bytes = NULL;

  out.gid = kith_body_bytes (self->gid, sizeof self->gid);
  out.name = self->name != NULL ? self->name : (char *) "";
  out.admin = kith_body_bytes (self->admin, self->has_admin ? sizeof self->admin : 0);
  out.token = kith_body_bytes (self->token, self->has_token ? sizeof self->token : 0);
  out.n_members = self->n_members;
  bytes = kith_body_pack (&out.base);
  return g_base64_encode (bytes->data, bytes->len);
}

/* Nothing or all of it. */
static gboolean
take (guint8 *out, gsize len, gboolean *has, const ProtobufCBinaryData *in)
{
  *has = in->len == len;
  if (*has)
    memcpy (out, in->data, len);

  return *has || in->len == 0;
}

static gboolean
take_invite (KithGroupInvitation *self, const Kith__GroupInvite *in)
{
  gboolean has_gid;

  self->n_members = in->n_members;
  if (!take (self->gid, sizeof self->gid, &has_gid, &in->gid) || !has_gid
      || !take (self->admin, sizeof self->admin, &self->has_admin, &in->admin)
      || !take (self->token, sizeof self->token, &self->has_token, &in->token)
      || !g_utf8_validate (in->name, -1, NULL))
    return FALSE;

  self->name = kith_text_sanitize_name (in->name);
  return TRUE;
}

static gboolean
unpack (KithGroupInvitation *self, const guint8 *data, gsize len)
{
  Kith__GroupInvite *in = kith__group_invite__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  ok = take_invite (self, in);
  kith__group_invite__free_unpacked (in, NULL);
  return ok;
}

/**
 * kith_group_invitation_decode:
 * @self: (out caller-allocates): the invitation
 * @text: what kith_group_invitation_encode() gave, of whoever; untrusted
 *
 * Returns: whether it is one
 */
gboolean
kith_group_invitation_decode (KithGroupInvitation *self, const char *text)
{
  guint8 data[KITH_LIMIT_GROUP_INVITATION_BYTES];
  gsize len = kith_group_invitation_decode_text (text, data);

  memset (self, 0, sizeof *self);
  return len > 0 && unpack (self, data, len);
}

char *
kith_group_invitation_encode_bytes (const guint8 *data, gsize len)
{
  g_auto (KithGroupInvitation) invitation = { .name = NULL };

  if (len > KITH_LIMIT_GROUP_INVITATION_BYTES || !unpack (&invitation, data, len))
    return NULL;

  return g_base64_encode (data, len);
}

gsize
kith_group_invitation_decode_text (const char *text, guint8 out[KITH_LIMIT_GROUP_INVITATION_BYTES])
{
  g_autofree guint8 *data = NULL;
  gsize len = 0;

  if (*text == '\0' || strlen (text) > 2 * KITH_LIMIT_GROUP_INVITATION_BYTES)
    return 0;

  data = g_base64_decode (text, &len);
  if (len > KITH_LIMIT_GROUP_INVITATION_BYTES)
    return 0;

  memcpy (out, data, len);
  return len;
}
