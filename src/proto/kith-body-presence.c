/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 8.1: who is writing, and who wants to be shown as absent. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-body-private.h"

/**
 * kith_body_typing_pack:
 * @on: whether we are writing to them, or have stopped
 *
 * Returns: (transfer full): the body of TYPING
 */
GByteArray *
kith_body_typing_pack (gboolean on)
{
  Kith__Typing typing = KITH__TYPING__INIT;

  typing.on = on;
  return kith_body_pack (&typing.base);
}

/**
 * kith_body_typing_unpack:
 * @on: (out): whether they are writing to us
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a TYPING
 */
gboolean
kith_body_typing_unpack (gboolean *on, const guint8 *data, gsize len)
{
  Kith__Typing *typing = kith__typing__unpack (NULL, len, data);

  *on = FALSE;
  if (typing == NULL)
    return FALSE;

  *on = typing->on != 0;
  kith__typing__free_unpacked (typing, NULL);
  return TRUE;
}

/**
 * kith_body_presence_pack:
 * @hidden: whether we want to be shown as absent
 *
 * Returns: (transfer full): the body of PRESENCE
 */
GByteArray *
kith_body_presence_pack (gboolean hidden)
{
  Kith__Presence presence = KITH__PRESENCE__INIT;

  presence.hidden = hidden;
  return kith_body_pack (&presence.base);
}

/**
 * kith_body_presence_unpack:
 * @hidden: (out): whether they want to be shown as absent
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a PRESENCE
 */
gboolean
kith_body_presence_unpack (gboolean *hidden, const guint8 *data, gsize len)
{
  Kith__Presence *presence = kith__presence__unpack (NULL, len, data);

  *hidden = FALSE;
  if (presence == NULL)
    return FALSE;

  *hidden = presence->hidden != 0;
  kith__presence__free_unpacked (presence, NULL);
  return TRUE;
}
